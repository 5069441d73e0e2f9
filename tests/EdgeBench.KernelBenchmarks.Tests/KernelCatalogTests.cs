using EdgeBench.Core.Problems;
using EdgeBench.Devices;
using EdgeBench.Devices.Facts;
using EdgeBench.KernelBenchmarks.Cases;
using EdgeBench.Kernels.Packed;
using EdgeBench.Running.Planning;

namespace EdgeBench.KernelBenchmarks.Tests;

public class KernelCatalogTests
{
    private static readonly IReadOnlyList<KernelCase> s_all = KernelCatalog.All(1);

    public static TheoryData<string> Operations => [.. s_all.Select(one => one.Operation).Distinct()];

    [Fact]
    public void Names_are_unique_and_every_source_has_kernels() => Assert.Multiple(
        () => Assert.Equal(s_all.Count, s_all.Select(one => one.Id).Distinct().Count()),
        () => Assert.All(KernelCatalog.Sources, source => Assert.NotEmpty(source.Cases(1))),
        () => Assert.Equal(["activations", "attention", "dequantise", "gemm", "product", "quantise", "rmsnorm", "rope", "softmax", "swiglu"], s_all.Select(one => one.Operation).Distinct().Order()));

    [Fact]
    public void Every_kernel_set_of_this_processor_meets_every_format_and_shape_that_it_can()
    {
        KernelCase[] products = [.. s_all.Where(one => one.Operation == "product")];
        Assert.Equal(KernelSets.All.Where(set => set.IsSupported).Select(set => set.Name), products.Select(one => one.Kernel).Distinct());
        Assert.Equal(PackedMatrix.Formats.Select(format => format.ToLowerInvariant()).Order(), products.Select(one => one.Format).Distinct().Order());
        Assert.Equal(["1536x576", "2048x2048", "2048x256", "2048x32000", "2048x5632", "5632x2048", "576x1536", "576x192", "576x49152", "576x576"], products.Select(one => one.Shape).Distinct().Order());
        // Rows of 576 are no whole blocks of 256.
        Assert.Equal(["1536x576"], products.Where(one => one is { Format: "q4_k", Model: "smollm2-135m" }).Select(one => one.Shape).Distinct());
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_kernel_of_every_operation_format_and_set_runs(string operation)
    {
        using KernelContext context = new(SystemRoot.Real, LocalFacts.Read(SystemRoot.Real) with { MemoryBytes = 0 }, threads: 1);
        Assert.NotNull(context.Missing);
        // Its smallest shape that is left.
        foreach (KernelCase one in s_all.Where(one => one.Operation == operation).GroupBy(one => (one.Format, one.Kernel)).Select(group => group.MinBy(one => (one.Count, one.MemoryBytes))!))
        {
            using KernelWork work = one.Prepare(context);
            work.Run();
            Assert.True(work.Operations > 0 && work.Bytes > 0, one.Id);
        }
    }

    [Theory]
    [InlineData("format=q4_0 and shape=576x1536", 5)]
    [InlineData("operation=gemm, shape=1024x1024, kernel=vector*", 1)]
    public void A_filter_keeps_what_it_names(string filter, int atLeast)
    {
        IReadOnlyList<KernelCase> kept = NameFilter<KernelCase>.Parse(filter, KernelCatalog.Vocabulary).Among(s_all, "kernels");
        Assert.InRange(kept.Count, atLeast, s_all.Count / 4);
    }

    [Theory]
    [InlineData("fromat=q4_0", "unknown key 'fromat'", "Did you mean 'format'?")]
    [InlineData("format=q4_00", "'q4_00' matches no format", "Did you mean 'q4_0'?")]
    [InlineData("shape=576x1535 and format=q4_0", "'576x1535' matches no shape", "Did you mean '576x1536'?")]
    [InlineData("count=few", "count 'few'", null)]
    [InlineData("q4_0", "a filter that matches none of", "A bare word is held against the whole name: write *word*, or name the part: format=q4_0.")]
    [InlineData("format=q4_0 and format=q8_0", "a filter that matches none of", "Loosen it.")]
    public void A_filter_that_keeps_nothing_says_what_it_could_have_named(string filter, string offender, string? remedy)
    {
        Problem problem = Assert.Single(Assert.Throws<EdgeBenchException>(() => NameFilter<KernelCase>.Parse(filter, KernelCatalog.Vocabulary).Among(s_all, "kernels")).Problems);
        Assert.StartsWith(offender, problem.Offender, StringComparison.Ordinal);
        Assert.Equal(remedy, problem.Remedy);
    }
}
