using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Onnx.Export;

/// <summary>Receives whole rows of a weight in their stored type.</summary>
internal delegate void RowChunk(ReadOnlySpan<byte> bytes, int rows);

/// <summary>The rows of one tensor, or of several of one type and width, one after the other: one matrix of <see cref="Rows"/> × <see cref="Columns"/>.</summary>
internal sealed class WeightRows
{
    private const int ChunkBytes = 1 << 20;

    private readonly GgufFile _file;

    public WeightRows(GgufFile file, params IReadOnlyList<GgufTensor> parts)
    {
        if (!CanJoin(parts)) throw new ArgumentException($"{string.Join(", ", parts)} do not join to one matrix.", nameof(parts));
        (_file, Parts) = (file, parts);
    }

    public IReadOnlyList<GgufTensor> Parts { get; }

    public GgmlType Type => Parts[0].Type;

    /// <summary>Input dimension.</summary>
    public long Columns => Parts[0].RowLength;

    /// <summary>Output dimension.</summary>
    public long Rows => Parts.Sum(part => part.Rows);

    public long RowBytes => Type.Bytes(Columns);

    public string TypeName => Type.Info().Name;

    /// <summary>Name of the one tensor, or the first's with the others' short names: <c>blk.0.attn_q+attn_k+attn_v.weight</c>.</summary>
    public string Name => Parts.Count == 1
        ? Parts[0].Name
        : string.Join('+', Parts.Select((part, i) => i == 0 ? part.Name[..part.Name.LastIndexOf('.')] : part.Name.Split('.')[^2])) + ".weight";

    /// <summary>What the parts are, the same in every layer: <c>attn_q+attn_k+attn_v</c>.</summary>
    public string Kinds => string.Join('+', Parts.Select(part => part.Name.Split('.')[^2]));

    public static bool CanJoin(IReadOnlyList<GgufTensor> parts) =>
        parts.All(part => part.Type == parts[0].Type && part.RowLength == parts[0].RowLength && part.Dimensions.Count == 2);

    /// <summary>All rows in order, about a megabyte at a time.</summary>
    public void ForEachChunk(RowChunk chunk)
    {
        foreach (GgufTensor part in Parts)
        {
            int most = (int)Math.Max(1, ChunkBytes / RowBytes);
            for (long row = 0; row < part.Rows; row += most)
            {
                int rows = (int)Math.Min(most, part.Rows - row);
                chunk(_file.Data(part, row * RowBytes, checked((int)(rows * RowBytes))), rows);
            }
        }
    }

    /// <summary>The matrix of one-byte elements with rows and columns exchanged, in bands of columns.</summary>
    public void WriteTransposed(Stream stream)
    {
        const int Band = 64;
        byte[] band = new byte[Band * Rows];
        for (long first = 0; first < Columns; first += Band)
        {
            int width = (int)Math.Min(Band, Columns - first);
            long row = 0;
            ForEachChunk((bytes, rows) =>
            {
                for (int r = 0; r < rows; r++, row++)
                {
                    ReadOnlySpan<byte> part = bytes.Slice((int)((r * RowBytes) + first), width);
                    for (int c = 0; c < width; c++) band[(c * Rows) + row] = part[c];
                }
            });
            stream.Write(band, 0, checked((int)(width * Rows)));
        }
    }
}
