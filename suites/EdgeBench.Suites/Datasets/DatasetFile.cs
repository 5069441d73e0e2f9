using System.Text;
using System.Text.Unicode;
using EdgeBench.Core.Problems;

namespace EdgeBench.Suites.Datasets;

/// <summary>A data file in memory, and what is wrong with it line by line.</summary>
internal sealed class DatasetFile
{
    private readonly DataProblems _problems;
    private int _counted;
    private int _line = 1;

    private DatasetFile(string path, ReadOnlyMemory<byte> bytes) => (Path, Bytes, _problems) = (path, bytes, new(path));

    public string Path { get; }

    /// <summary>Valid UTF-8 without a byte-order mark.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>Enough was found to stop.</summary>
    public bool Full => _problems.Full;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for a file that cannot be read, is too large, or is no UTF-8.</summary>
    public static DatasetFile Read(string path)
    {
        ReadOnlyMemory<byte> text = DataBytes.Text(DataBytes.Read(path, "Split it."));
        if (!Utf8.IsValid(text.Span)) text = Cesu8.ToUtf8(text.Span);
        DatasetFile file = new(path, text);
        if (Utf8.IsValid(text.Span)) return file;
        int at = 0;
        while (Rune.DecodeFromUtf8(text.Span[at..], out _, out int length) == System.Buffers.OperationStatus.Done) at += length;
        file.Refuse(file.LineOf(at), $"byte 0x{text.Span[at]:X2}, which starts no valid character", "UTF-8", "Convert the file to UTF-8.");
        file.Throw();
        return file;
    }

    /// <summary>Lines with their 1-based numbers; empty ones are left out.</summary>
    public IEnumerable<(int Number, string Text)> Lines()
    {
        int number = 0;
        foreach (string line in Text.Split('\n'))
        {
            number++;
            string text = line.TrimEnd('\r');
            if (text.Length > 0 && !Full) yield return (number, text);
        }
    }

    /// <summary>1-based line of a byte; asked in order, all of them together take one pass.</summary>
    public int LineOf(long at)
    {
        if (at < _counted) (_counted, _line) = (0, 1);
        _line += Bytes.Span[_counted..(int)at].Count((byte)'\n');
        _counted = (int)at;
        return _line;
    }

    public void Refuse(int line, string offender, string expected, string? remedy = null) => _problems.Add(line, offender, expected, remedy);

    /// <summary>An item, or null with a problem where one of its texts is empty.</summary>
    public DatasetItem? Item(string text, string answer, int line)
    {
        if (!string.IsNullOrWhiteSpace(text) && !string.IsNullOrWhiteSpace(answer)) return new DatasetItem(text, answer, Path, line);
        Refuse(line, string.IsNullOrWhiteSpace(text) ? "an item without text" : "an item without label or completion", "both");
        return null;
    }

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) where something was refused.</summary>
    public void Throw() => _problems.Throw();
}
