using EdgeBench.Kernels.Dense;

namespace EdgeBench.Kernels.Tests.Dense;

/// <summary>Packed panels, element by element: every number of rows there may be of every width that a tile has, and inner lengths on both sides of a block's.</summary>
public unsafe class PanelTests
{
    private const float Untouched = -7;

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(32)]
    public void A_panel_holds_its_rows_inner_index_first_and_zeros_past_them(int width)
    {
        foreach (int k in new[] { 0, 1, 7, 15, 16, 17, 31, 32, 35, 50 })
        {
            for (int rows = 1; rows <= width; rows++)
            {
                Check(width, rows, k, innerMajor: false);
                Check(width, rows, k, innerMajor: true);
            }
        }
    }

    // First row 2, first inner index 3; nothing is written past the panel.
    private static void Check(int width, int rows, int k, bool innerMajor)
    {
        int stride = innerMajor ? rows + 5 : k + 6, length = innerMajor ? (k + 3) * stride : (rows + 2) * stride;
        float[] source = [.. Enumerable.Range(1, length).Select(i => (float)i)], target = new float[(width * k) + 16];
        Array.Fill(target, Untouched);
        fixed (float* from = source, to = target)
            Panel.Pack(new Operand((nint)from, stride, innerMajor), 2, rows, width, 3, k, to);
        for (int i = 0; i < target.Length; i++)
        {
            int p = i / width, row = i % width;
            float expected = p >= k ? Untouched : row >= rows ? 0 : innerMajor ? source[((3 + p) * stride) + 2 + row] : source[((2 + row) * stride) + 3 + p];
            Assert.True(target[i] == expected, $"{rows} rows of a panel of {width}, {k} inner indices: row {row} of {p} is {target[i]} instead of {expected}.");
        }
    }
}
