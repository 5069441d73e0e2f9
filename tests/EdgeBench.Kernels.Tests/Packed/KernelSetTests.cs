using EdgeBench.Kernels.Packed;

namespace EdgeBench.Kernels.Tests.Packed;

/// <summary>Every kernel set that this processor runs against the scalar one, bit for bit.</summary>
public class KernelSetTests
{
    private static readonly KernelSet s_scalar = KernelSets.All[^1];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            TheoryData<string, string> pairs = [];
            foreach (KernelSet set in KernelSets.All.Where(set => set.IsSupported && set.Name != s_scalar.Name))
            {
                foreach (string format in PackedMatrix.Formats) pairs.Add(set.Name, format);
            }
            return pairs;
        }
    }

    public static TheoryData<string> Sets => [.. KernelSets.All.Where(set => set.IsSupported).Select(set => set.Name)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Products_are_the_scalar_ones_at_every_number_of_rows(string set, string format)
    {
        int columns = Samples.Step(format) == 1 ? 40 : Samples.Step(format) * 3;
        for (int rows = 1; rows <= 40; rows++) Compare(set, format, rows, columns, 13, [1, 4, 13]);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Products_are_the_scalar_ones_at_every_count(string set, string format)
    {
        int columns = Samples.Step(format) == 1 ? 33 : Samples.Step(format) * 2;
        Compare(set, format, 80, columns, 40, [.. Enumerable.Range(0, 41)]);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Products_are_the_scalar_ones_at_every_width(string set, string format)
    {
        int step = Samples.Step(format), most = step == 1 ? 256 : step == 32 ? 33 : 9;
        for (int blocks = 1; blocks <= most; blocks++) Compare(set, format, 72, blocks * step, 19, [1, 2, 19]);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Ranges_of_groups_give_the_same_bits_and_write_nothing_else(string set, string format)
    {
        const int Rows = 150, Count = 21;
        int columns = Math.Max(Samples.Step(format), 64);
        using PackedMatrix matrix = PackedMatrix.Pack(format, Samples.Weights(format, Rows, columns, 3), Rows, columns);
        using PackedRows rows = Samples.Pack(Samples.Activations(Count, columns, 4), Count, columns, matrix);
        float[] whole = Samples.Multiply(matrix, rows, Count, s_scalar, 0, matrix.Groups);
        for (int first = 0; first <= matrix.Groups; first++)
        {
            for (int end = first; end <= matrix.Groups; end++)
            {
                foreach (int count in new[] { 1, 5, Count })
                {
                    float[] part = Samples.Multiply(matrix, rows, count, Of(set), first, end);
                    float[] expected = new float[part.Length];
                    for (int at = 0; at < part.Length; at++)
                    {
                        int row = at % (Rows + Samples.Guard);
                        bool isWritten = at < count * (Rows + Samples.Guard) && row < Rows && row >= first * 16 && row < end * 16;
                        expected[at] = isWritten ? whole[at] : 7f;
                    }
                    Samples.AssertSame(expected, part);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Extreme_levels_do_not_saturate(string set, string format)
    {
        int columns = Math.Max(Samples.Step(format), 96);
        foreach (byte levels in new byte[] { 0x00, 0x7F, 0x80, 0xFF })
        {
            byte[] weights = Samples.Weights(format, 16, columns, 5, levels);
            foreach (int pattern in new[] { 0, 1, 2 })
            {
                float[] x = [.. Enumerable.Range(0, columns * 9).Select(i => pattern == 0 ? 127f : pattern == 1 ? -127f : i % 2 == 0 ? 127f : -127f)];
                using PackedMatrix matrix = PackedMatrix.Pack(format, weights, 16, columns);
                using PackedRows rows = Samples.Pack(x, 9, columns, matrix);
                foreach (int count in new[] { 1, 9 })
                    Samples.AssertSame(Samples.Multiply(matrix, rows, count, s_scalar, 0, 1), Samples.Multiply(matrix, rows, count, Of(set), 0, 1));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void An_activation_that_is_no_number_shows_in_its_row_only(string set)
    {
        foreach (string format in PackedMatrix.Formats)
        {
            int columns = Math.Max(Samples.Step(format), 64);
            foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                float[] x = Samples.Activations(3, columns, 6);
                x[columns + 33] = bad;
                using PackedMatrix matrix = PackedMatrix.Pack(format, Samples.Weights(format, 16, columns, 7), 16, columns);
                using PackedRows rows = Samples.Pack(x, 3, columns, matrix);
                float[] y = Samples.Multiply(matrix, rows, 3, Of(set), 0, 1);
                Assert.All(y[..16], value => Assert.True(float.IsFinite(value)));
                Assert.All(y[21..37], value => Assert.False(float.IsFinite(value)));
                Assert.All(y[42..58], value => Assert.True(float.IsFinite(value)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Products_allocate_nothing(string set)
    {
        KernelSet kernels = Of(set);
        foreach (string format in PackedMatrix.Formats)
        {
            using PackedMatrix matrix = PackedMatrix.Pack(format, Samples.Weights(format, 64, 256, 8), 64, 256);
            using PackedRows rows = Samples.Pack(Samples.Activations(9, 256, 9), 9, 256, matrix);
            float[] y = new float[9 * 64];
            Run(matrix, rows, y, kernels);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(matrix, rows, y, kernels);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    private static unsafe void Run(PackedMatrix matrix, PackedRows rows, float[] y, KernelSet set)
    {
        fixed (float* target = y)
        {
            PackedProduct.Multiply(matrix, rows, 1, target, 64, 0, 4, kernels: set);
            PackedProduct.Multiply(matrix, rows, 9, target, 64, 0, 4, accumulate: true, set);
        }
    }

    private static void Compare(string set, string format, int rows, int columns, int capacity, int[] counts)
    {
        using PackedMatrix matrix = PackedMatrix.Pack(format, Samples.Weights(format, rows, columns, rows + columns), rows, columns);
        using PackedRows activations = Samples.Pack(Samples.Activations(capacity, columns, rows), capacity, columns, matrix);
        float[] expected = Samples.Multiply(matrix, activations, capacity, s_scalar, 0, matrix.Groups);
        float[] added = Samples.Multiply(matrix, activations, capacity, s_scalar, 0, matrix.Groups, accumulate: true);
        int stride = rows + Samples.Guard;
        foreach (int count in counts)
        {
            Check(expected, Samples.Multiply(matrix, activations, count, Of(set), 0, matrix.Groups));
            Check(added, Samples.Multiply(matrix, activations, count, Of(set), 0, matrix.Groups, accumulate: true));

            void Check(float[] all, float[] actual)
            {
                Samples.AssertSame([.. all.AsSpan(0, count * stride), .. Enumerable.Repeat(7f, Samples.Guard)], actual);
            }
        }
    }

    private static KernelSet Of(string name) => KernelSets.All.Single(set => set.Name == name);
}
