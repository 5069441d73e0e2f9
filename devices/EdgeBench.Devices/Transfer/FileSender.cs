using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Launching;
using EdgeBench.Devices.Wire;

namespace EdgeBench.Devices.Transfer;

/// <summary>What came of sending: the set's name and its folder on the device, or a failure.</summary>
public sealed record SentFiles(string Set, string? Folder, TrialFailure? Failure);

/// <summary>Sends files that a device lacks, from where an earlier transfer was cut.</summary>
/// <param name="cacheLimit">Bytes that received files may take on the device; 0 for no limit but its disk's.</param>
public sealed class FileSender(IAgentConnection agent, long cacheLimit)
{
    // Often enough that a full disk is noticed early, seldom enough that the answers' way costs nothing.
    private const int BlocksBetweenQuestions = 32;

    /// <summary>
    /// Makes sure that the device has these files in one folder. Throws <see cref="AgentLostException"/>, and <see cref="OperationCanceledException"/>; what the
    /// device cannot take, and a file that is not here any more, is a failure in the answer.
    /// </summary>
    /// <param name="progress">Bytes that the device has of the file that is being sent.</param>
    public async Task<SentFiles> SendAsync(IReadOnlyList<LocalFile> files, IProgress<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(files);
        FileOffer offer = new([.. files.Select(file => new OfferedFile(file.Name, file.Bytes, file.Sha256))], cacheLimit);
        OfferAnswer answer = await agent.OfferFilesAsync(offer, cancellation).ConfigureAwait(false);
        if (answer.Refusal is not null || answer.Folder is not null) return new SentFiles(answer.Set, answer.Folder, answer.Refusal);
        foreach (MissingFile missing in answer.Missing)
        {
            LocalFile file = files.First(file => file.Name == missing.Name);
            if (await SendAsync(file, missing, progress, cancellation).ConfigureAwait(false) is { } problem) return new SentFiles(answer.Set, null, problem);
        }
        CommitAnswer commit = await agent.CommitFilesAsync(answer.Set, cancellation).ConfigureAwait(false);
        return new SentFiles(answer.Set, commit.Folder, commit.Failure);
    }

    // Null where all of the file was sent.
    private async Task<TrialFailure?> SendAsync(LocalFile file, MissingFile missing, IProgress<long>? progress, CancellationToken cancellation)
    {
        try
        {
            using FileStream stream = new(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            if (stream.Length != file.Bytes) return Changed(file, $"has {stream.Length} bytes; expected {file.Bytes}");
            bool isKept = missing.Offset == 0 || await HashAsync(stream, file, missing.Offset, cancellation).ConfigureAwait(false) == missing.Sha256;
            stream.Position = isKept ? missing.Offset : 0;
            return await SendAsync(stream, file, missing.Transfer, progress, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Changed(file, $"cannot be read: {exception.Message}");
        }
    }

    // While one block is on its way the next is read. Nothing is hashed here: the file's hash is known, and what the device computes of what it wrote is held against that.
    private async Task<TrialFailure?> SendAsync(FileStream stream, LocalFile file, int transfer, IProgress<long>? progress, CancellationToken cancellation)
    {
        Task<TransferState> state = Task.FromResult(new TransferState(stream.Position, null));
        Task<Block?> next = NextAsync(stream, file, transfer, cancellation);
        try
        {
            for (int sent = 1; await next.ConfigureAwait(false) is { } block; sent++)
            {
                next = NextAsync(stream, file, transfer, cancellation);
                await agent.SendBlockAsync(block, cancellation).ConfigureAwait(false);
                progress?.Report(block.Offset + block.Data.Length);
                block.Dispose();
                if (sent % BlocksBetweenQuestions != 0) continue;
                // The answer to the question before: the link is never idle while we wait for it.
                if ((await state.ConfigureAwait(false)).Problem is { } problem) return problem;
                state = agent.TransferStateAsync(transfer, cancellation);
            }
            await state.ConfigureAwait(false);
            return (await agent.TransferStateAsync(transfer, cancellation).ConfigureAwait(false)).Problem;
        }
        finally
        {
            // It reads the file, which our caller closes.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // What the device should have from an earlier transfer; of the whole file that is known.
    private static async Task<string> HashAsync(FileStream stream, LocalFile file, long bytes, CancellationToken cancellation) =>
        bytes == file.Bytes ? file.Sha256 : await ContentHash.OfAsync(stream, bytes, cancellation).ConfigureAwait(false);

    private static async Task<Block?> NextAsync(FileStream stream, LocalFile file, int transfer, CancellationToken cancellation)
    {
        // The loop that sends must not wait for the reads of the next block.
        await Task.Yield();
        long offset = stream.Position;
        int bytes = (int)Math.Min(Block.DataBytes, file.Bytes - offset);
        return bytes == 0 ? null : await Block.ReadAsync(stream, transfer, offset, bytes, cancellation).ConfigureAwait(false);
    }

    private static TrialFailure Changed(LocalFile file, string how) =>
        new(FailureKind.MissingArtifact, $"'{file.Path}' {how}", "Put the file back as it was when the run began, or run again: a missing artifact is built again.");
}
