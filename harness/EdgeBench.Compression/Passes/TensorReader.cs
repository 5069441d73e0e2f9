using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using Microsoft.Win32.SafeHandles;

namespace EdgeBench.Compression.Passes;

/// <summary>
/// Reads a file's tensors into buffers rather than through its mapping, whose pages would count as this process's memory until they are needed elsewhere:
/// a whole model. Safe for several threads.
/// </summary>
internal sealed class TensorReader : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) where the path leads to another file by now.</summary>
    public TensorReader(GgufFile file)
    {
        _path = file.Path;
        _handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        if (RandomAccess.GetLength(_handle) == file.FileBytes) return;
        _handle.Dispose();
        throw Changed();
    }

    /// <param name="first">Byte of the tensor.</param>
    public void Read(GgufTensor tensor, long first, Span<byte> target)
    {
        long at = tensor.Offset + first;
        while (target.Length > 0)
        {
            int read = RandomAccess.Read(_handle, target, at);
            if (read == 0) throw Changed();
            at += read;
            target = target[read..];
        }
    }

    public void Dispose() => _handle.Dispose();

    private EdgeBenchException Changed() =>
        EdgeBenchException.BadInput("the file has another length than when it was opened", "a file that stays as it is", "Wait until whoever writes it is done, then try again.", _path);
}
