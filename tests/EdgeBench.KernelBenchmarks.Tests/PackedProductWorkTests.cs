using EdgeBench.Devices;
using EdgeBench.Devices.Facts;
using EdgeBench.KernelBenchmarks.Cases;
using EdgeBench.Kernels.Packed;

namespace EdgeBench.KernelBenchmarks.Tests;

public class PackedProductWorkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_copy_in_turn_gives_the_same_product_whatever_the_threads(int threads)
    {
        const int Rows = 192, Columns = 576, Count = 4;
        using KernelContext context = new(SystemRoot.Real, LocalFacts.Read(SystemRoot.Real) with { MemoryBytes = 0 }, threads);
        using PackedProductWork work = new(context, "Q4_0", Rows, Columns, Count, KernelSets.Current);
        WeightCopies copies = context.Copies("Q4_0", Rows, Columns);
        Assert.True(copies.Count * copies.BytesOfOne >= context.CopyBytes);
        work.Run();
        float[] first = work.Results.ToArray();
        Assert.Contains(first, value => value != 0);
        for (int copy = 1; copy < copies.Count; copy++)
        {
            work.Results.Clear();
            work.Run();
            Assert.True(work.Results.SequenceEqual(first), $"copy {copy}");
        }
    }
}
