using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;

namespace EdgeBench.Agent.Serving.Files;

/// <summary>What an offer of files must be before anything is made of it.</summary>
internal static class OfferRules
{
    private const int MostFiles = 64;
    private const long MostBytes = 1L << 42;

    /// <summary>Why an offer is refused, or null.</summary>
    public static TrialFailure? Refuse(FileOffer? offer)
    {
        if (offer?.Files is not { Count: > 0 and <= MostFiles } files) return Bad($"{offer?.Files?.Count ?? 0} files; expected 1 to {MostFiles}");
        if (offer.CacheLimit < 0) return Bad($"a cache limit of {offer.CacheLimit} bytes; expected none that is negative");
        foreach (OfferedFile? file in files)
        {
            if (file is null || !FileName.IsSafe(file.Name)) return Bad($"the file name {Quoted(file?.Name)}; expected {FileName.Expected}");
            if (file.Bytes is < 0 or > MostBytes) return Bad($"'{file.Name}' of {file.Bytes} bytes; expected 0 to {MostBytes}");
            if (file.Sha256 is not { Length: 64 } || !file.Sha256.All(char.IsAsciiHexDigitLower)) return Bad($"'{file.Name}' without a SHA-256 in 64 lower-case hexadecimal digits");
        }
        string? twice = files.GroupBy(file => file.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null ? null : Bad($"the file name '{twice}' twice, which some file systems do not tell apart by case");
    }

    private static string Quoted(string? name) =>
        name is null ? "null" : $"'{string.Concat((name.Length > FileName.MaxLength ? name[..FileName.MaxLength] + "…" : name).Select(c => char.IsControl(c) ? '?' : c))}'";

    private static TrialFailure Bad(string what) => new(FailureKind.Protocol, $"the device was offered {what}", "Rename the file, or install the agent that belongs to this edgebench.");
}
