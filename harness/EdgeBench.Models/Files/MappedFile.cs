using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using EdgeBench.Core.Problems;
using Microsoft.Win32.SafeHandles;

namespace EdgeBench.Models.Files;

/// <summary>
/// A file whose start is copied (<see cref="Header"/>) and whose data are mapped on first use, so that a large one costs no memory before it is read.
/// Its length is looked at again before each span is given: only a file that is cut off while a span of it is being read still ends the process
/// (SIGBUS). Reading is safe from several threads.
/// </summary>
internal sealed unsafe partial class MappedFile : IDisposable
{
    // Linux, <sys/mman.h>: MADV_DONTNEED.
    private const int DontNeed = 4;

    private readonly SafeFileHandle _handle;
    private readonly Lock _mapping = new();
    private MemoryMappedFile? _file;
    private MemoryMappedViewAccessor? _view;
    private byte* _start;
    private bool _disposed;

    private MappedFile(string path, SafeFileHandle handle) => (Path, _handle, Length) = (path, handle, RandomAccess.GetLength(handle));

    public string Path { get; }

    /// <summary>Bytes when it was opened.</summary>
    public long Length { get; }

    /// <summary>Opens. Throws <see cref="EdgeBenchException"/> (bad input) that names file, finding and remedy.</summary>
    /// <param name="expected">Such as <c>a GGUF file</c>.</param>
    public static MappedFile Open(string path, string expected)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path)) throw Refused(path, "this is a folder", expected, "Name the file in it.");
        if (!File.Exists(path)) throw Refused(path, "no such file", expected, "Check the path.");
        // Before opening: a pipe has length 0 too, and opening it would wait for a writer.
        if (LinkedFile.Of(path).Length == 0) throw Refused(path, "the file is empty", expected, "Fetch or convert it again.");
        try
        {
            return new MappedFile(path, File.OpenHandle(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, error.Message, "a file that can be read", "Check its permissions.");
        }
    }

    /// <summary>The first bytes, to be read through the handle.</summary>
    public HeaderBytes Header(int limit) => new(_handle, Length, limit, Path);

    /// <summary>Mapped bytes; the span ends with <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Data(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (RandomAccess.GetLength(_handle) is var now && now < offset + length) throw FileErrors.CutOff(Path, now, Length);
        return new ReadOnlySpan<byte>(Start() + offset, length);
    }

    /// <summary>Lets the system take back the whole pages of a range; they are read from the file again where they are used again.</summary>
    public void Release(long offset, long length)
    {
        if (_start is null || !OperatingSystem.IsLinux()) return;
        nuint page = (nuint)Environment.SystemPageSize, first = ((nuint)_start + (nuint)offset + page - 1) / page * page, end = ((nuint)_start + (nuint)(offset + length)) / page * page;
        // Advice: a refusal costs memory and nothing else.
        if (end > first) _ = Advise((void*)first, end - first, DontNeed);
    }

    public void Dispose()
    {
        if (_start is not null) _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        _start = null;
        _disposed = true;
        _view?.Dispose();
        _file?.Dispose();
        _handle.Dispose();
    }

    private byte* Start()
    {
        lock (_mapping)
        {
            if (_start is not null) return _start;
            _file = MemoryMappedFile.CreateFromFile(_handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
            return _start;
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);

    private static EdgeBenchException Refused(string path, string found, string expected, string remedy) =>
        EdgeBenchException.BadInput(found, expected, remedy, path);
}
