using Microsoft.Win32.SafeHandles;

namespace EdgeBench.Models.Gguf;

/// <summary>
/// The start of a file, read through its handle a window at a time and copied: a file that is cut off while it is read gives an error here,
/// where reading a memory map would end the process (SIGBUS).
/// </summary>
internal sealed class HeaderBytes
{
    private const int WindowBytes = 1 << 16;

    private readonly SafeFileHandle? _handle;
    private readonly string _path;
    private byte[] _window;
    private int _start;
    private int _count;

    /// <param name="limit">Bytes that a header may take.</param>
    public HeaderBytes(SafeFileHandle handle, long fileBytes, int limit, string path)
    {
        (_handle, _path, FileBytes, Length) = (handle, path, fileBytes, (int)Math.Min(fileBytes, limit));
        _window = new byte[Math.Min(Length, WindowBytes)];
    }

    /// <summary>A whole file that is in memory.</summary>
    public HeaderBytes(byte[] file, string path) => (_window, _count, _path, FileBytes, Length) = (file, file.Length, path, file.Length, file.Length);

    /// <summary>Bytes that can be read.</summary>
    public int Length { get; }

    public long FileBytes { get; }

    /// <summary><paramref name="count"/> bytes from <paramref name="position"/> on, both within <see cref="Length"/>; valid until the next call.</summary>
    public ReadOnlySpan<byte> At(int position, int count)
    {
        if (position < _start || position + count > _start + _count)
        {
            int wanted = Math.Min(Math.Max(count, WindowBytes), Length - position);
            if (_window.Length < wanted) _window = new byte[wanted];
            _count = 0;
            Read(position, _window.AsSpan(0, wanted));
            (_start, _count) = (position, wanted);
        }
        return _window.AsSpan(position - _start, count);
    }

    /// <summary>Copies bytes from <paramref name="position"/> on.</summary>
    public void CopyTo(int position, Span<byte> target)
    {
        if (_handle is null) At(position, target.Length).CopyTo(target);
        else Read(position, target);
    }

    private void Read(int position, Span<byte> target)
    {
        for (int done = 0; done < target.Length;)
        {
            int read = RandomAccess.Read(_handle!, target[done..], position + done);
            if (read == 0)
                throw GgufErrors.CutOff(_path, position + done, FileBytes);
            done += read;
        }
    }
}
