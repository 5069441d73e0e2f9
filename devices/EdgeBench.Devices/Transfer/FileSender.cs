using System.Security.Cryptography;
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
        (SentFiles sent, bool resumed) = await TryAsync(offer, files, progress, cancellation).ConfigureAwait(false);
        // What went bad on the device since an earlier transfer is found and thrown away there: it is sent anew, once.
        return sent.Failure is not null && resumed ? (await TryAsync(offer, files, progress, cancellation).ConfigureAwait(false)).Sent : sent;
    }

    private async Task<(SentFiles Sent, bool Resumed)> TryAsync(FileOffer offer, IReadOnlyList<LocalFile> files, IProgress<long>? progress, CancellationToken cancellation)
    {
        OfferAnswer answer = await agent.OfferFilesAsync(offer, cancellation).ConfigureAwait(false);
        if (answer.Refusal is not null || answer.Folder is not null) return (new SentFiles(answer.Set, answer.Folder, answer.Refusal), false);
        bool resumed = answer.Missing.Any(missing => missing.Offset > 0);
        foreach (MissingFile missing in answer.Missing)
        {
            LocalFile file = files.First(file => file.Name == missing.Name);
            if (await SendAsync(file, missing, progress, cancellation).ConfigureAwait(false) is { } problem) return (new SentFiles(answer.Set, null, problem), resumed);
        }
        CommitAnswer commit = await agent.CommitFilesAsync(answer.Set, cancellation).ConfigureAwait(false);
        return (new SentFiles(answer.Set, commit.Folder, commit.Failure), resumed);
    }

    // Null where all of the file was sent.
    private async Task<TrialFailure?> SendAsync(LocalFile file, MissingFile missing, IProgress<long>? progress, CancellationToken cancellation)
    {
        try
        {
            using FileStream stream = new(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            if (stream.Length != file.Bytes) return Changed(file, $"has {stream.Length} bytes; expected {file.Bytes}");
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            if (missing.Offset < file.Bytes) await HashAsync(stream, missing.Offset, hash, cancellation).ConfigureAwait(false);
            else stream.Position = missing.Offset;
            return await SendAsync(stream, file, missing, hash, progress, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Changed(file, $"cannot be read: {exception.Message}");
        }
    }

    // While one block is on its way the next is read and hashed.
    private async Task<TrialFailure?> SendAsync(FileStream stream, LocalFile file, MissingFile missing, IncrementalHash hash, IProgress<long>? progress, CancellationToken cancellation)
    {
        Task<TransferState> state = Task.FromResult(new TransferState(missing.Offset, null));
        Task<Block?> next = NextAsync(stream, file, missing.Transfer, hash, cancellation);
        try
        {
            for (int sent = 1; await next.ConfigureAwait(false) is { } block; sent++)
            {
                next = NextAsync(stream, file, missing.Transfer, hash, cancellation);
                await agent.SendBlockAsync(block, cancellation).ConfigureAwait(false);
                progress?.Report(block.Offset + block.Data.Length);
                block.Dispose();
                if (sent % BlocksBetweenQuestions != 0) continue;
                // The answer to the question before: the link is never idle while we wait for it.
                if ((await state.ConfigureAwait(false)).Problem is { } problem) return problem;
                state = agent.TransferStateAsync(missing.Transfer, cancellation);
            }
            await state.ConfigureAwait(false);
            return (await agent.TransferStateAsync(missing.Transfer, cancellation).ConfigureAwait(false)).Problem;
        }
        finally
        {
            // It reads the file, which our caller closes.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // What the device has from an earlier transfer.
    private static async Task HashAsync(FileStream stream, long bytes, IncrementalHash hash, CancellationToken cancellation)
    {
        byte[] buffer = new byte[(int)Math.Min(bytes, Block.DataBytes)];
        while (stream.Position < bytes)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, bytes - stream.Position)), cancellation).ConfigureAwait(false);
            if (read == 0) throw new EndOfStreamException("it became shorter while it was read");
            hash.AppendData(buffer.AsSpan(0, read));
        }
    }

    private static async Task<Block?> NextAsync(FileStream stream, LocalFile file, int transfer, IncrementalHash hash, CancellationToken cancellation)
    {
        // The loop that sends must not wait for the hash of the next block.
        await Task.Yield();
        long offset = stream.Position;
        int bytes = (int)Math.Min(Block.DataBytes, file.Bytes - offset);
        return bytes == 0 ? null : await Block.ReadAsync(stream, transfer, offset, bytes, hash, cancellation).ConfigureAwait(false);
    }

    private static TrialFailure Changed(LocalFile file, string how) =>
        new(FailureKind.MissingArtifact, $"'{file.Path}' {how}", "Put the file back as it was when the run began, or run again: a missing artifact is built again.");
}
