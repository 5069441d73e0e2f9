using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeBench.Models.Onnx.Reading;

/// <summary>
/// Files that a model's tensors name. A model comes from strangers and a runtime opens what it names, so only plain files of the model's own folder
/// pass: no path that leaves it, no symbolic link, no second name of another file.
/// </summary>
internal sealed partial class ExternalFiles(string path)
{
    private readonly Dictionary<string, long> _lengths = new(StringComparer.Ordinal);

    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;

    /// <summary>Locations as written, with the bytes of their files.</summary>
    public IReadOnlyDictionary<string, long> Lengths => _lengths;

    /// <param name="entries">The tensor's <c>external_data</c>: location, offset (0 where absent), length (the tensor's where absent).</param>
    public OnnxExternal Check(IReadOnlyDictionary<string, string> entries, long bytes, string tensor, long start)
    {
        string location = entries.GetValueOrDefault("location", "");
        long available = Length(location, tensor, start);
        long offset = Number("offset", 0), length = Number("length", bytes);
        if (length != bytes) throw OnnxErrors.At(path, start, $"tensor {tensor} has {length} bytes of external data", $"{bytes}, as its dimensions say");
        if (offset > available - length)
            throw OnnxErrors.At(path, start, $"tensor {tensor} lies at {offset} to {offset + (Int128)length} of '{location}', which has {available} bytes", "a place inside of the file");
        return new(location, offset, length);

        long Number(string key, long absent)
        {
            if (!entries.TryGetValue(key, out string? text)) return absent;
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
                ? value
                : throw OnnxErrors.At(path, start, $"tensor {tensor} has the {key} {OnnxErrors.Quoted(text)}", "a number that is not negative");
        }
    }

    private long Length(string location, string tensor, long start)
    {
        if (_lengths.TryGetValue(location, out long known)) return known;
        string quoted = OnnxErrors.Quoted(location);
        string[] parts = location.Split('/');
        if (location.Length == 0 || location.Contains('\\') || location.Any(char.IsControl) || Path.IsPathRooted(location) || location.Contains(':'))
            throw Refused("is no plain relative path");
        if (parts.Any(part => part is ".." or "." or "")) throw Refused("leads out of, or around in, the model's folder");
        string full = _folder;
        for (int i = 0; i < parts.Length; i++)
        {
            full = Path.Combine(full, parts[i]);
            FileSystemInfo info = i < parts.Length - 1 ? new DirectoryInfo(full) : new FileInfo(full);
            if (info.LinkTarget is not null) throw Refused($"goes through a symbolic link ('{parts[i]}')", "Put the file itself there.");
            if (!info.Exists) throw Refused("is not there", "Put the file beside the model.");
        }
        (int links, bool regular) = Links(full);
        if (!regular) throw Refused("is no ordinary file");
        if (links > 1) throw Refused($"is a hard link: its content has {links} names", "Copy the file instead of linking it.");
        if (_lengths.Count == 1024) throw Refused("is one of more than 1024 files");
        return _lengths[location] = new FileInfo(full).Length;

        Core.Problems.EdgeBenchException Refused(string why, string remedy = OnnxErrors.Damaged) =>
            OnnxErrors.At(path, start, $"external data {quoted} of tensor {tensor} {why}", "the name of a file in the model's folder", remedy);
    }

    // struct statx of Linux is the same on every architecture: stx_nlink at 16, stx_mode at 28.
    private static unsafe (int Links, bool Regular) Links(string file)
    {
        if (!OperatingSystem.IsLinux()) return (1, !File.GetAttributes(file).HasFlag(FileAttributes.Directory));
        byte* status = stackalloc byte[256];
        fixed (byte* name = Encoding.UTF8.GetBytes(file + '\0'))
        {
            const int WorkingFolder = -100, NoFollow = 0x100, BasicStatistics = 0x7FF;
            if (StatX(WorkingFolder, name, NoFollow, BasicStatistics, status) != 0) throw new IOException($"'{file}' cannot be examined.", Marshal.GetLastPInvokeError());
        }
        return (*(int*)(status + 16), (*(ushort*)(status + 28) & 0xF000) == 0x8000);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static unsafe partial int StatX(int folder, byte* path, int flags, uint mask, byte* status);
}
