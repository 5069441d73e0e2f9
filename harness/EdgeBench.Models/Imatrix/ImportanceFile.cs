using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Imatrix;

/// <summary>Importance matrices from and to files, in both of llama.cpp's forms: GGUF, and the older one without a magic number.</summary>
public static class ImportanceFile
{
    private const string SumsSuffix = ".in_sum2";
    private const string CountsSuffix = ".counts";
    private const string DatasetsKey = "imatrix.datasets";
    private const string ChunkCountKey = "imatrix.chunk_count";
    private const string ChunkSizeKey = "imatrix.chunk_size";

    /// <summary>Reads either form. Throws <see cref="EdgeBenchException"/> (bad input) that names file, finding, expectation and remedy.</summary>
    public static ImportanceMatrix Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw EdgeBenchException.BadInput("no such file", "an importance matrix", "Check the path.", path);
        return IsGguf(path) ? ReadGguf(path) : LegacyImportanceFile.Read(path);
    }

    /// <summary>Writes the GGUF form, whole or not at all; names in order, as llama.cpp writes them.</summary>
    public static void Write(string path, ImportanceMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        KeyValuePair<string, GgufValue>[] metadata =
        [
            new("general.type", GgufValue.From("imatrix")),
            new(DatasetsKey, GgufValue.From(new GgufArray(GgufValueType.String, matrix.Datasets.ToArray()))),
            new(ChunkCountKey, GgufValue.From(checked((uint)matrix.ChunkCount))),
            new(ChunkSizeKey, GgufValue.From(checked((uint)matrix.ChunkSize))),
        ];
        GgufWriter.Write(path, metadata, [.. matrix.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => new[]
        {
            Tensor(entry.Key + SumsSuffix, entry.Value.Sums, [entry.Value.Columns, entry.Value.Counts.Length]),
            Tensor(entry.Key + CountsSuffix, entry.Value.Counts, [1, entry.Value.Counts.Length]),
        })]);
    }

    private static GgufTensorSource Tensor(string name, float[] values, long[] dimensions) =>
        new(name, GgmlType.F32, dimensions, output => output.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values)));

    private static bool IsGguf(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Span<byte> magic = stackalloc byte[4];
        return stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual("GGUF"u8);
    }

    private static ImportanceMatrix ReadGguf(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        Dictionary<string, ImportanceEntry> entries = new(StringComparer.Ordinal);
        foreach (GgufTensor sums in file.Tensors.Where(tensor => tensor.Name.EndsWith(SumsSuffix, StringComparison.Ordinal)))
        {
            string name = sums.Name[..^SumsSuffix.Length];
            GgufTensor counts = file.Find(name + CountsSuffix)
                ?? throw ImportanceErrors.At(path, $"{GgufErrors.Quoted(name)} has sums and no counts", $"a tensor '{GgufErrors.Quoted(name + CountsSuffix)}'");
            entries[name] = ImportanceErrors.Checked(path, name, Floats(file, sums), Floats(file, counts));
        }
        if (entries.Count == 0)
            throw ImportanceErrors.At(path, "a GGUF file without sums of squares", $"tensors that end in '{SumsSuffix}'", "Is this a model? Make an importance matrix from it: edgebench models imatrix.");
        return new ImportanceMatrix
        {
            Entries = entries,
            Datasets = file.Metadata.GetValueOrDefault(DatasetsKey)?.AsArray()?.AsTexts() ?? [],
            ChunkCount = file.Metadata.GetValueOrDefault(ChunkCountKey)?.AsInteger() ?? 0,
            ChunkSize = file.Metadata.GetValueOrDefault(ChunkSizeKey)?.AsInteger() ?? 0,
        };
    }

    private static float[] Floats(GgufFile file, GgufTensor tensor)
    {
        if (tensor.Type != GgmlType.F32 || tensor.Elements > ImportanceErrors.MostValues)
        {
            throw ImportanceErrors.At(file.Path, $"{GgufErrors.Quoted(tensor.Name)} holds {tensor.Elements} elements of {tensor.Type}",
                $"at most {ImportanceErrors.MostValues} of F32");
        }
        float[] values = new float[tensor.Elements];
        file.Dequantise(tensor, 0, values);
        return values;
    }
}
