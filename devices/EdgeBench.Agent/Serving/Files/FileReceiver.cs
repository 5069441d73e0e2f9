using EdgeBench.Agent.Serving.Leasing;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Wire;

namespace EdgeBench.Agent.Serving.Files;

/// <summary>The agent's end of file transfers: one set at a time, everything in the order in which it arrives.</summary>
internal sealed class FileReceiver(ReceivedFiles received, DeviceLease lease) : IFileReceiver, IBlockSink, IDisposable
{
    private readonly WorkQueue _work = new();
    private readonly Dictionary<int, IncomingFile> _transfers = [];
    private readonly HashSet<string> _used = [];
    private readonly Dictionary<string, string> _folders = [];
    private OpenSet? _open;
    private int _numbers;

    public Task<OfferAnswer> OfferFilesAsync(FileOffer offer, CancellationToken cancellation) => _work.AskAsync(() => Offer(offer), cancellation);

    public Task<TransferState> TransferStateAsync(int transfer, CancellationToken cancellation) => _work.AskAsync(() => State(transfer), cancellation);

    public Task<CommitAnswer> CommitFilesAsync(string set, CancellationToken cancellation) => _work.AskAsync(() => Commit(set), cancellation);

    // A block of a transfer that is not open is one that its failure has overtaken.
    public ValueTask ReceiveAsync(Block block, CancellationToken cancellation) =>
        _work.DoAsync(() =>
        {
            using (block) _transfers.GetValueOrDefault(block.Transfer)?.Append(block);
        }, cancellation);

    /// <summary>Folder of a committed set, for a call that names it; null where it is not one of this connection.</summary>
    public Task<string?> FolderAsync(string set, CancellationToken cancellation) =>
        _work.AskAsync(() => _folders.GetValueOrDefault(set), cancellation);

    /// <summary>The trial is over: what was received for it may go when room is wanted.</summary>
    public Task ReleaseAsync(CancellationToken cancellation) => _work.AskAsync(() =>
    {
        _used.Clear();
        return true;
    }, cancellation);

    public void Dispose() => Close();

    private OfferAnswer Offer(FileOffer offer)
    {
        Close();
        if (OfferRules.Refuse(offer) is { } refusal) return new OfferAnswer("") { Refusal = refusal };
        if (lease.Epoch == 0) return new OfferAnswer("") { Refusal = new TrialFailure(FailureKind.Protocol, "files were offered without the device's lease", "Install the agent that belongs to this edgebench.") };
        string set = ReceivedFiles.NameOf(offer.Files);
        _used.Add(set);
        try
        {
            if (received.Find(set, offer.Files) is { } folder)
            {
                _folders[set] = folder;
                return new OfferAnswer(set) { Folder = folder };
            }
            if (received.MakeRoom(set, offer.Files.Sum(file => file.Bytes), offer.CacheLimit, _used) is { } full) return new OfferAnswer(set) { Refusal = full };
            return new OfferAnswer(set) { Missing = [.. Open(set, offer.Files)] };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Close();
            return new OfferAnswer(set) { Refusal = Broken(exception) };
        }
    }

    private List<MissingFile> Open(string set, IReadOnlyList<OfferedFile> files)
    {
        string folder = received.Incoming(set);
        List<(IncomingFile, OfferedFile)> incoming = [];
        _open = new OpenSet(set, incoming);
        List<MissingFile> missing = [];
        for (int i = 0; i < files.Count; i++)
        {
            IncomingFile file = IncomingFile.Open(Path.Combine(folder, $"{i}.partial"), files[i]);
            incoming.Add((file, files[i]));
            _transfers[++_numbers] = file;
            missing.Add(new MissingFile(files[i].Name, _numbers, file.Received, file.Sha256));
        }
        return missing;
    }

    private TransferState State(int transfer) => _transfers.TryGetValue(transfer, out IncomingFile? file)
        ? new TransferState(file.Received, file.Problem)
        : new TransferState(0, new TrialFailure(FailureKind.Protocol, $"there is no transfer {transfer}", "Run again."));

    private CommitAnswer Commit(string set)
    {
        if (_open?.Name != set) return new CommitAnswer(null, new TrialFailure(FailureKind.Protocol, $"set '{set}' is not being sent", "Run again."));
        try
        {
            TrialFailure[] failures = [.. _open.Files.Select(pair => pair.File.Finish()).OfType<TrialFailure>()];
            if (failures.Length > 0) return new CommitAnswer(null, failures[0]);
            string folder = received.Complete(set, [.. _open.Files.Select(pair => (pair.File.Path, pair.Offered))]);
            _folders[set] = folder;
            return new CommitAnswer(folder, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new CommitAnswer(null, Broken(exception));
        }
        finally
        {
            Close();
        }
    }

    private void Close()
    {
        foreach (IncomingFile file in _transfers.Values) file.Dispose();
        _transfers.Clear();
        _open = null;
    }

    private static TrialFailure Broken(Exception exception) =>
        new(FailureKind.MissingArtifact, $"the device cannot keep the files: {exception.Message}", "Check the device's disk and the permissions of its cache folder.");

    private sealed record OpenSet(string Name, IReadOnlyList<(IncomingFile File, OfferedFile Offered)> Files);
}
