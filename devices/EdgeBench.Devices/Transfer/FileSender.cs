using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Launching;
using EdgeBench.Devices.Wire;
using Microsoft.Win32.SafeHandles;

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
            using SafeFileHandle handle = File.OpenHandle(file.Path, options: FileOptions.SequentialScan);
            if (RandomAccess.GetLength(handle) is var bytes && bytes != file.Bytes) return Changed(file, $"has {bytes} bytes; expected {file.Bytes}");
            bool isKept = missing.Offset == 0 || await HashAsync(file, missing.Offset, cancellation).ConfigureAwait(false) == missing.Sha256;
            return await SendAsync(handle, file, missing.Transfer, isKept ? missing.Offset : 0, progress, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Changed(file, $"cannot be read: {exception.Message}");
        }
    }

    // Nothing is hashed here: the file's hash is known, and the device holds against it what it computes of what it wrote.
    private async Task<TrialFailure?> SendAsync(SafeFileHandle handle, LocalFile file, int transfer, long from, IProgress<long>? progress, CancellationToken cancellation)
    {
        Task<TransferState> state = Task.FromResult(new TransferState(from, null));
        int sent = 0;
        for (long offset = from; offset < file.Bytes; offset += Block.DataBytes)
        {
            FilePiece piece = new(handle, transfer, offset, (int)Math.Min(Block.DataBytes, file.Bytes - offset));
            if (!await agent.SendBlockAsync(piece, cancellation).ConfigureAwait(false)) return Changed(file, "became shorter, or cannot be read any more");
            progress?.Report(offset + piece.Bytes);
            if (++sent % BlocksBetweenQuestions != 0) continue;
            // The answer to the question before: the link is never idle while we wait for it.
            if ((await state.ConfigureAwait(false)).Problem is { } problem) return problem;
            state = agent.TransferStateAsync(transfer, cancellation);
        }
        await state.ConfigureAwait(false);
        return (await agent.TransferStateAsync(transfer, cancellation).ConfigureAwait(false)).Problem;
    }

    // What the device should have from an earlier transfer; of the whole file that is known.
    private static async Task<string> HashAsync(LocalFile file, long bytes, CancellationToken cancellation)
    {
        if (bytes == file.Bytes) return file.Sha256;
        using FileStream stream = new(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        return await ContentHash.OfAsync(stream, bytes, cancellation).ConfigureAwait(false);
    }

    private static TrialFailure Changed(LocalFile file, string how) =>
        new(FailureKind.MissingArtifact, $"'{file.Path}' {how}", "Put the file back as it was when the run began, or run again: a missing artifact is built again.");
}
