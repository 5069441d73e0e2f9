using System.IO.MemoryMappedFiles;

namespace EdgeBench.Fuzz;

/// <summary>
/// The input in execution, in a shared mapping of a file: it outlives the process, however that dies (a stack overflow, a hang). Four bytes of
/// length, then the input.
/// </summary>
internal sealed class LastInput : IDisposable
{
    private const int Capacity = Mutator.LongestInput + 4;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public LastInput(string folder, string target)
    {
        Directory.CreateDirectory(folder);
        Path = System.IO.Path.Combine(folder, $"{target}.last");
        _file = MemoryMappedFile.CreateFromFile(Path, FileMode.Create, null, Capacity);
        _view = _file.CreateViewAccessor();
    }

    public string Path { get; }

    public void Keep(byte[] input)
    {
        _view.Write(0, input.Length);
        _view.WriteArray(4, input, 0, Math.Min(input.Length, Capacity - 4));
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
