using EdgeBench.Compression.Grids;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Kernels.Quantisation;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.FineTuning;

/// <summary>A trained matrix on its grid as a file stores it: exactly the values that training computed with.</summary>
internal static class GridTensor
{
    /// <param name="order">The trained matrix's row for each of the file's; null where they are the same.</param>
    public static QuantisedMatrix Of(GridWeights trained, Func<long, long>? order)
    {
        LevelGrid stored = StoredAs(trained.Grid);
        QuantisedMatrix matrix = new(stored, trained.Rows, trained.Columns);
        int centre = stored.Centre!.Value;
        for (int row = 0; row < trained.Rows; row++)
        {
            int from = (int)(order?.Invoke(row) ?? row);
            for (int i = 0; i < trained.Columns; i++) matrix.Levels[(row * trained.Columns) + i] = (sbyte)(trained.Levels[(from * trained.Columns) + i] + centre);
            for (int group = 0; group < matrix.Groups; group++)
            {
                float scale = trained.Scales[(from * matrix.Groups) + group];
                matrix.Scales[(row * matrix.Groups) + group] = new(scale, -centre * scale);
            }
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
