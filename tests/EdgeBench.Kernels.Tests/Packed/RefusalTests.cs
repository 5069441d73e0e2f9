using EdgeBench.Kernels.Packed;

namespace EdgeBench.Kernels.Tests.Packed;

/// <summary>What packed products refuse, and how.</summary>
public class RefusalTests
{
    [Fact]
    public void A_format_that_cannot_be_packed_is_refused_with_those_that_can() =>
        Assert.Contains("Q4_0", Assert.Throws<NotSupportedException>(() => new PackedMatrix("IQ1_S", 16, 256)).Message, StringComparison.Ordinal);

    [Fact]
    public void Rows_that_are_no_whole_blocks_are_refused_with_the_block()
    {
        Assert.False(PackedMatrix.IsSupported("Q4_K", 576));
        Assert.True(PackedMatrix.IsSupported("Q4_0", 576));
        Assert.Contains("256", Assert.Throws<NotSupportedException>(() => new PackedMatrix("Q4_K", 16, 576)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new PackedRows(1, 33, levels: true, floats: false));
    }

    [Fact]
    public void Rows_beyond_the_matrix_bytes_that_do_not_fit_and_starts_within_a_group_are_refused()
    {
        using PackedMatrix matrix = new("Q8_0", 32, 64);
        Assert.Throws<ArgumentException>(() => matrix.Pack(new byte[68 * 17], 16, 17));
        Assert.Throws<ArgumentException>(() => matrix.Pack(new byte[68], 8, 1));
        Assert.Throws<ArgumentException>(() => matrix.Pack(new byte[67], 0, 1));
        matrix.Dispose();
        Assert.Throws<ObjectDisposedException>(() => matrix.Pack(new byte[68], 0, 1));
    }

    [Fact]
    public void Products_of_what_does_not_belong_together_are_refused()
    {
        using PackedMatrix matrix = new("Q8_0", 32, 64), floats = new("F32", 32, 64);
        using PackedRows levels = new(2, 64, levels: true, floats: false), narrow = new(2, 32, levels: true, floats: true);
        Assert.Throws<ArgumentException>(() => Multiply(matrix, narrow, 1, 0, 2));
        Assert.Throws<ArgumentException>(() => Multiply(floats, levels, 1, 0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Multiply(matrix, levels, 3, 0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Multiply(matrix, levels, 1, 0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Multiply(matrix, levels, 1, 2, 1));
    }

    [Fact]
    public void A_kernel_set_is_named_by_the_variable_and_an_unknown_one_is_refused_with_those_that_run()
    {
        Assert.Equal("scalar", KernelSets.Choose("SCALAR").Name);
        Assert.Equal(KernelSets.All.First(set => set.IsSupported).Name, KernelSets.Choose(null).Name);
        string message = Assert.Throws<NotSupportedException>(() => KernelSets.Choose("mmx")).Message;
        Assert.Contains("mmx", message, StringComparison.Ordinal);
        Assert.Contains("scalar", message, StringComparison.Ordinal);
        foreach (KernelSet set in KernelSets.All.Where(set => !set.IsSupported))
            Assert.Contains(set.Missing!, Assert.Throws<NotSupportedException>(() => KernelSets.Choose(set.Name)).Message, StringComparison.Ordinal);
    }

    private static unsafe void Multiply(PackedMatrix matrix, PackedRows rows, int count, int first, int end)
    {
        float[] y = new float[3 * 32];
        fixed (float* target = y) PackedProduct.Multiply(matrix, rows, count, target, 32, first, end);
    }
}
