using System.Text.Json;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;

namespace EdgeBench.Agent.Serving;

/// <summary>
/// Outcomes that a controller has not acknowledged yet: where the link is cut as a trial ends, the next connection picks its outcome up. File names are
/// hashes of trial names, so that no name from the other side becomes a path.
/// </summary>
/// <param name="folder">The device's cache folder.</param>
internal sealed class OutcomeStore(string folder)
{
    // What nobody asked for by then belongs to a run that was given up.
    private const int MostKept = 16;

    private readonly string _folder = Path.Combine(folder, "outcomes");

    /// <summary>Keeps an outcome until it is acknowledged. Throws <see cref="IOException"/>.</summary>
    public void Keep(TrialOutcome outcome)
    {
        string kept = PathOf(outcome.TrialId);
        AtomicFile.Write(kept, stream => JsonSerializer.Serialize(stream, outcome, EdgeBenchJson.Options));
        // A clock that was set back makes the new one look the oldest.
        IEnumerable<FileInfo> others = new DirectoryInfo(_folder).EnumerateFiles("*.json").Where(file => file.Name != Path.GetFileName(kept));
        foreach (FileInfo old in others.OrderByDescending(file => file.LastWriteTimeUtc).Skip(MostKept - 1)) old.Delete();
    }

    /// <summary>A kept outcome, or null.</summary>
    public TrialOutcome? Find(string trialId)
    {
        try
        {
            using FileStream stream = File.OpenRead(PathOf(trialId));
            return JsonSerializer.Deserialize<TrialOutcome>(stream, EdgeBenchJson.Options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Forget(string trialId)
    {
        if (Directory.Exists(_folder)) File.Delete(PathOf(trialId));
    }

    private string PathOf(string trialId) => Path.Combine(_folder, ContentHash.OfText(trialId) + ".json");
}
