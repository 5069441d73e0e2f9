using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Runs;

namespace EdgeBench.Reports.Model;

/// <summary>Says for each model what its quality is compared with.</summary>
internal static class ReferenceNotes
{
    private static readonly HashSet<string> s_plain = ["F16", "F32", "F64", "BF16"];

    public static IEnumerable<string> Of(StoredRun run)
    {
        foreach (var group in run.Cells.Where(cell => cell.IsQuality && cell.Reference is not null).GroupBy(cell => (cell.Model, cell.Reference!.Id)))
        {
            ArtifactDescription reference = group.First().Reference!;
            string runner = group.Select(cell => cell.ReferenceBackend).FirstOrDefault(name => name is not null) is { } backend ? $", run by {backend} for every backend" : "";
            // The reference has a pass only where the checkpoint as stored is quantised: then it is that, expanded.
            yield return reference.Readback.Count == 0
                ? $"Quality of {group.Key.Model} is against the reference: {Listed(reference.Types)}, the checkpoint as stored{runner}."
                : Expanded(group.Key.Model, reference, Stored(run, group.Key.Model), runner);
        }
    }

    private static string Expanded(string model, ArtifactDescription reference, IReadOnlyList<TypeUsage> stored, string runner)
    {
        string types = stored.Count > 0 ? $" ({Listed(stored)})" : "";
        string target = reference.Types.MaxBy(type => type.Bytes)?.Type ?? "floats";
        string flattered = stored.MaxBy(type => type.Bytes)?.Type.FirstOrDefault(char.IsAsciiDigit) is { } bits and not '\0' ? $"{bits}-bit formats" : "formats of as few bits";
        return $"Quality of {model}: the reference is the stored checkpoint, already quantised{types}, expanded to {target}{runner}: differences are against that, and flatter {flattered}.";
    }

    // A recipe without passes is the checkpoint itself; where none was planned, its types are not known here.
    private static IReadOnlyList<TypeUsage> Stored(StoredRun run, string model) =>
        [.. (run.Cells.FirstOrDefault(cell => cell.Model == model && cell.Artifact is { Readback.Count: 0 })?.Artifact?.Types ?? []).Where(type => !s_plain.Contains(type.Type.ToUpperInvariant()))];

    private static string Listed(IEnumerable<TypeUsage> types) => string.Join(", ", types.Select(type => $"{type.Tensors} × {type.Type}"));
}
