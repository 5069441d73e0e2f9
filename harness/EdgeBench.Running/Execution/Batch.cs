using System.Text.Json;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Pools;

namespace EdgeBench.Running.Execution;

/// <summary>Which run a batch belongs to.</summary>
/// <param name="Place">Of the run's folder: the same for every command on it.</param>
/// <param name="Id">Of the run's journal: another one after a fresh start.</param>
internal sealed record BatchRun(string Place, string Id)
{
    private const string Key = "batch_run";

    public static BatchRun Of(Journal.RunJournal journal, string folder)
    {
        string id = journal.Find(Key) ?? Guid.NewGuid().ToString("N");
        journal.PutMetaDurably(Key, id);
        return new BatchRun(ContentHash.OfText(Path.GetFullPath(folder))[..12], id);
    }
}

/// <summary>A task of a batch: which trial it is.</summary>
internal sealed record BatchedTrial(string TrialId, string CellKey, int Session, int Position);

/// <summary>A batch of trials that a queue has, and where it lies until all of its outcomes are in the journal.</summary>
internal sealed class Batch
{
    private const string Record = "batch.json", Prefix = "edgebench";

    private Batch(BatchFolder folder, string run, IReadOnlyList<BatchedTrial> trials) => (Folder, Run, Trials) = (folder, run, trials);

    public BatchFolder Folder { get; }

    /// <summary><see cref="BatchRun.Id"/>.</summary>
    public string Run { get; }

    /// <summary>By index of the task.</summary>
    public IReadOnlyList<BatchedTrial> Trials { get; }

    /// <summary>A new batch, not yet queued. Throws <see cref="EdgeBenchException"/> where the shared folder cannot be written.</summary>
    public static Batch Create(string shared, BatchRun run, string device, IReadOnlyList<BatchedTrial> trials, IReadOnlyList<TrialRequest> requests)
    {
        string name = $"{Prefix}-{run.Place}-{ContentHash.OfText(device)[..8]}-{Guid.NewGuid():N}";
        BatchFolder folder = new(Path.Combine(shared, "batches", name));
        try
        {
            for (int i = 0; i < requests.Count; i++) folder.WriteRequest(i, requests[i]);
            AtomicFile.WriteText(Path.Combine(folder.Path, Record), EdgeBenchJson.Serialize(new BatchRecord(Protocol.Version, run.Id, trials)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.Infrastructure($"'{folder.Path}' cannot be written: {exception.Message}", "a folder that this machine and every board share",
                $"Check 'folder' of device '{device}', and its disk.", exception);
        }
        return new Batch(folder, run.Id, trials);
    }

    /// <summary>Batches of a device that earlier commands on the same run folder have left.</summary>
    public static IReadOnlyList<Batch> Left(string shared, BatchRun run, string device)
    {
        string batches = Path.Combine(shared, "batches");
        return !Directory.Exists(batches) ? [] :
        [
            .. Directory.EnumerateDirectories(batches, $"{Prefix}-{run.Place}-{ContentHash.OfText(device)[..8]}-*").Order(StringComparer.Ordinal).Select(Read),
        ];
    }

    private static Batch Read(string path)
    {
        BatchFolder folder = new(path);
        string file = Path.Combine(path, Record);
        // Its command ended before anything was queued.
        if (!File.Exists(file)) return new Batch(folder, "", []);
        try
        {
            BatchRecord record = JsonSerializer.Deserialize<BatchRecord>(File.ReadAllText(file), EdgeBenchJson.Options) ?? throw new JsonException("'null'");
            if (record.Version != Protocol.Version) throw new JsonException($"version {record.Version}; expected {Protocol.Version}");
            return new Batch(folder, record.Run, record.Trials);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw EdgeBenchException.Infrastructure($"'{file}' cannot be read: {exception.Message}", "the record of a batch of this version",
                "Finish the run with the edgebench that began it, or delete the batch's folder.", exception);
        }
    }

    private sealed record BatchRecord(int Version, string Run, IReadOnlyList<BatchedTrial> Trials);
}
