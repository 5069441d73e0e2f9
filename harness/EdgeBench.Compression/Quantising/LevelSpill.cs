namespace EdgeBench.Compression.Quantising;

/// <summary>Packed matrices on disk beside the file that they will go into, until its header is known to be right: memory holds one block at a time.</summary>
internal sealed class LevelSpill : IDisposable
{
    private const int CopyBytes = 1 << 20;

    private readonly FileStream _file;
    private readonly Dictionary<string, (long Start, int Length)> _places = [];

    public LevelSpill(string outputPath) => _file = new FileStream(
        $"{outputPath}.{Environment.ProcessId}.levels", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);

    public void Add(string name, ReadOnlySpan<byte> bytes)
    {
        _places.Add(name, (_file.Seek(0, SeekOrigin.End), bytes.Length));
        _file.Write(bytes);
    }

    public bool Has(string name) => _places.ContainsKey(name);

    public void CopyTo(string name, Stream output)
    {
        (long start, int length) = _places[name];
        byte[] buffer = new byte[Math.Min(CopyBytes, length)];
        _file.Position = start;
        for (int done = 0; done < length;)
        {
            int part = Math.Min(buffer.Length, length - done);
            _file.ReadExactly(buffer, 0, part);
            output.Write(buffer, 0, part);
            done += part;
        }
    }

    public void Dispose() => _file.Dispose();
}
