using System.Runtime.InteropServices;
using System.Text;
using EdgeBench.Core.IO;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Imatrix;

/// <summary>
/// The form that llama.cpp wrote before GGUF (<c>.dat</c>): the number of entries, then of each its name, number of sequences, number of values, and mean
/// squares times the number of sequences as float32; at the end, since some version, the number of sequences and the text's name. All integers are
/// int32. Source: llama.cpp, <c>IMatrixCollector::save_imatrix_legacy</c>.
/// </summary>
public static class LegacyImportanceFile
{
    private const int MostNameBytes = 1024;

    // Name of one letter, no value: length, letter, calls, count.
    private const int SmallestEntry = 4 + 1 + 4 + 4;

    /// <summary>Writes whole or not at all. Experts that read nothing get ones, as llama.cpp stores them.</summary>
    public static void Write(string path, ImportanceMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        AtomicFile.Write(path, stream =>
        {
            using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
            writer.Write(matrix.Entries.Count);
            foreach ((string name, ImportanceEntry entry) in matrix.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                WriteText(writer, name);
                long size = Math.Max(1, matrix.ChunkSize);
                int calls = (int)Math.Min(int.MaxValue, (long)Math.Ceiling(entry.Counts.Max() / (double)size));
                writer.Write(calls);
                writer.Write(entry.Sums.Length);
                foreach (float mean in entry.MeanSquares()) writer.Write(mean * calls);
            }
            writer.Write(checked((int)matrix.ChunkCount));
            WriteText(writer, matrix.Datasets is [.., { } last] ? last : "");
        });
    }

    internal static ImportanceMatrix Read(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        using BinaryReader reader = new(stream, Encoding.UTF8);
        int count = Number(reader, stream, path, "number of entries", 1, (stream.Length - 4) / SmallestEntry);
        Dictionary<string, ImportanceEntry> entries = new(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            string name = ReadText(reader, stream, path, $"name of entry {i}", 1);
            int calls = Number(reader, stream, path, "number of sequences", 0, int.MaxValue);
            int length = Number(reader, stream, path, "number of values", 1, Math.Min(ImportanceErrors.MostValues, (stream.Length - stream.Position - sizeof(int)) / sizeof(float)));
            float[] sums = new float[length];
            stream.ReadExactly(MemoryMarshal.AsBytes(sums.AsSpan()));
            // Without a count the values are means already.
            ImportanceEntry entry = ImportanceErrors.Checked(path, name, sums, [calls == 0 ? 1 : calls]);
            if (!entries.TryAdd(name, entry)) throw ImportanceErrors.At(path, $"{GgufErrors.Quoted(name)} occurs twice", "each name once");
        }
        if (stream.Position == stream.Length) return new ImportanceMatrix { Entries = entries };
        int chunks = Number(reader, stream, path, "number of sequences", 0, int.MaxValue);
        string dataset = stream.Position == stream.Length ? "" : ReadText(reader, stream, path, "name of the text", 0);
        return new ImportanceMatrix { Entries = entries, ChunkCount = chunks, Datasets = dataset.Length > 0 ? [dataset] : [] };
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static string ReadText(BinaryReader reader, FileStream stream, string path, string what, int least) =>
        Encoding.UTF8.GetString(reader.ReadBytes(Number(reader, stream, path, $"length of the {what}", least, Math.Min(MostNameBytes, stream.Length - stream.Position - sizeof(int)))));

    private static int Number(BinaryReader reader, FileStream stream, string path, string what, long least, long most)
    {
        if (stream.Length - stream.Position < sizeof(int))
            throw ImportanceErrors.At(path, $"the file ends at byte {stream.Length}", $"{what}, 4 bytes");
        long at = stream.Position;
        int value = reader.ReadInt32();
        return value >= least && value <= most
            ? value
            : throw ImportanceErrors.At(path, $"{what} is {value} at byte {at}", $"{least} to {Math.Max(least, most)}", "Give an importance matrix of llama.cpp (.gguf or .dat), whole.");
    }
}
