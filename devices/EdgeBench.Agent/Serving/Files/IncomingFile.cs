using System.Security.Cryptography;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Wire;

namespace EdgeBench.Agent.Serving.Files;

/// <summary>
/// One file on its way in. Blocks are appended in order, and the hash of all that was written decides at the end. What an earlier connection left is read again and
/// kept up to its last full block; its hash is told, and a controller whose file has another one begins anew with its first block. What goes wrong stops this file alone and
/// is told when the controller asks.
/// </summary>
internal sealed class IncomingFile : IDisposable
{
    private readonly OfferedFile _offered;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _isResumed;

    private IncomingFile(OfferedFile offered, FileStream file)
    {
        _offered = offered;
        _file = file;
        Path = file.Name;
    }

    public string Path { get; }

    public string Name => _offered.Name;

    /// <summary>Bytes written.</summary>
    public long Received { get; private set; }

    /// <summary>SHA-256 of them, as lower-case hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public TrialFailure? Problem { get; private set; }

    /// <summary>Opens a partial file, new or left behind. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public static IncomingFile Open(string path, OfferedFile offered)
    {
        FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        try
        {
            IncomingFile incoming = new(offered, file);
            incoming.Resume();
            return incoming;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Takes the next block; one that is out of order or too long becomes the file's problem.</summary>
    public void Append(Block block)
    {
        if (Problem is not null) return;
        try
        {
            if (_isResumed && block.Offset == 0) Forget();
            _isResumed = false;
            Problem = Refuse(block);
            if (Problem is not null) return;
            _file.Write(block.Data.Span);
            _hash.AppendData(block.Data.Span);
            Received += block.Data.Length;
        }
        catch (IOException exception)
        {
            Problem = DiskSpace.IsFull(exception)
                ? Failure($"the disk of '{Path}' on the device is full after {Received} of {_offered.Bytes} bytes of '{Name}'", "Free some space on the device.")
                : Failure($"'{Path}' on the device cannot be written: {exception.Message}", "Check the device's disk.");
        }
    }

    /// <summary>Closes the file; the failure where it is not what was offered, and then nothing of it stays.</summary>
    public TrialFailure? Finish()
    {
        if (Problem is null && Received < _offered.Bytes) Problem = Failure($"'{Name}' ended after {Received} of {_offered.Bytes} bytes", "Run again: the transfer goes on from there.");
        if (Problem is not null) return Problem;
        _file.Dispose();
        string found = Sha256;
        if (found == _offered.Sha256) return null;
        File.Delete(Path);
        return Failure($"'{Name}' arrived with SHA-256 {found}; expected {_offered.Sha256}", "Run again: it is sent anew.");
    }

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }

    // A block that was being written when its agent died may be torn: only full ones are kept.
    private void Resume()
    {
        long kept = _file.Length <= _offered.Bytes ? _file.Length == _offered.Bytes ? _file.Length : _file.Length / Block.DataBytes * Block.DataBytes : 0;
        // Not of what has that length: cutting an empty file makes ext4 write all of it to the disk at once when it is closed.
        if (_file.Length > kept) _file.SetLength(kept);
        byte[] buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(Block.DataBytes, kept));
        while (Received < kept)
        {
            int read = _file.Read(buffer);
            if (read == 0) throw new EndOfStreamException($"'{Path}' became shorter while it was read.");
            _hash.AppendData(buffer.AsSpan(0, read));
            Received += read;
        }
        _isResumed = kept > 0;
    }

    private TrialFailure? Refuse(Block block) =>
        block.Offset != Received ? Failure($"a block of '{Name}' at {block.Offset}; expected {Received}", "Run again.")
        : block.Data.Length > _offered.Bytes - Received ? Failure($"a block of '{Name}' ends after its {_offered.Bytes} bytes", "Run again.")
        : null;

    private void Forget()
    {
        _file.SetLength(0);
        _hash.GetHashAndReset();
        Received = 0;
    }

    private static TrialFailure Failure(string message, string remedy) => new(FailureKind.MissingArtifact, message, remedy);
}
