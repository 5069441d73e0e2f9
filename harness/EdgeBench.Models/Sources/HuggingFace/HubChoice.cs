using System.Text.RegularExpressions;

namespace EdgeBench.Models.Sources.HuggingFace;

/// <summary>Which of a repository's files is the checkpoint.</summary>
internal static partial class HubChoice
{
    /// <summary>The named file, or the only .gguf; otherwise an error that lists what there is.</summary>
    public static HubEntry Of(HubListing listing, HubModelName model, string? asked)
    {
        HubEntry[] ggufs = [.. listing.Files.Where(f => f.Name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))];
        if (ggufs.Length == 0) throw HubFailures.NoGguf(model, Names(listing.Files));
        HubEntry chosen = asked switch
        {
            not null => ggufs.FirstOrDefault(f => f.Name == asked) ?? throw HubFailures.NoSuchFile(model, asked, Names(ggufs)),
            null when ggufs.Length == 1 => ggufs[0],
            null => throw HubFailures.ManyFiles(model, Names(ggufs)),
        };
        return SplitPart().IsMatch(chosen.Name) ? throw HubFailures.Split(model, chosen.Name) : chosen;
    }

    /// <summary>The listing and the file's own headers must tell the same story.</summary>
    public static void CheckAgreement(HubEntry entry, HubFile file, HubEnvironment environment)
    {
        string? listed = file.IsSha256 ? entry.Sha256 : entry.Sha256 is null ? entry.BlobId : null;
        if (listed is not null && listed != file.Hash)
            throw HubFailures.NoHub($"lists '{entry.Name}' with the hash '{Printable.Of(listed)}' and serves it with '{file.Hash}'", environment);
        if (entry.Size is { } size && size != file.Size)
            throw HubFailures.NoHub($"lists '{entry.Name}' with {size} bytes and serves it with {file.Size}", environment);
    }

    private static string[] Names(IEnumerable<HubEntry> files) => [.. files.Select(f => f.Name)];

    [GeneratedRegex(@"-\d{5}-of-\d{5}\.gguf\z", RegexOptions.IgnoreCase)]
    private static partial Regex SplitPart();
}
