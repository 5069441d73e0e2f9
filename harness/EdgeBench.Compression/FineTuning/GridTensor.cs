using EdgeBench.Compression.Grids;
using EdgeBench.Kernels.Quantisation;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.FineTuning;

/// <summary>A trained matrix on its grid as a file stores it: exactly the values that training computed with.</summary>
internal static class GridTensor
{
    /// <param name="values">[rows, columns] in the file's order of rows.</param>
    public static QuantisedMatrix Quantise(WeightGrid grid, ReadOnlySpan<float> values, int rows)
    {
        LevelGrid stored = StoredAs(grid);
        int columns = values.Length / rows;
        QuantisedMatrix matrix = new(stored, rows, columns);
        sbyte[] levels = new sbyte[columns];
        float[] scales = new float[matrix.Groups];
        int centre = stored.Centre!.Value;
        for (int row = 0; row < rows; row++)
        {
            grid.Quantise(values.Slice(row * columns, columns), levels, scales);
            for (int i = 0; i < columns; i++) matrix.Levels[(row * columns) + i] = (sbyte)(levels[i] + centre);
            for (int group = 0; group < scales.Length; group++) matrix.Scales[(row * scales.Length) + group] = new(scales[group], -centre * scales[group]);
        }
        return matrix;
    }

    private static LevelGrid StoredAs(WeightGrid grid) => grid == WeightGrid.Q8_0 ? LevelGrid.Q8_0 : grid == WeightGrid.Q4_0 ? LevelGrid.Q4_0
        : grid == WeightGrid.Int8Channel ? LevelGrid.Int8Rows : grid == WeightGrid.Symmetric3 ? LevelGrid.Int3 : LevelGrid.Int2;

    /// <summary>Whether all levels of a tensor of Q4_0 blocks are at most <paramref name="top"/> from zero.</summary>
    public static bool IsWithin(GgufFile file, GgufTensor tensor, int top)
    {
        ReadOnlySpan<byte> bytes = file.Data(tensor);
        int block = (int)GgmlType.Q4_0.Bytes(32);
        for (int start = 0; start < bytes.Length; start += block)
        {
            foreach (byte pair in bytes.Slice(start + 2, block - 2))
            {
                if (Math.Abs((pair & 15) - 8) > top || Math.Abs((pair >> 4) - 8) > top) return false;
            }
        }
        return true;
    }
}
