using EdgeBench.Kernels.Peaks;
using EdgeBench.Kernels.Transformer;

namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>Attention of one layer, all its heads, after 512 positions: one new position, and 128.</summary>
internal sealed class AttentionKernels : ICaseSource
{
    private const int Depth = 512;

    public IEnumerable<KernelCase> Cases(int threads) =>
        from model in threads == 1 ? ModelShapes.All : []
        from format in Enum.GetValues<KvFormat>()
        from kernels in TransformerKernels.All
        where kernels.IsSupported && kernels.Name != KernelCatalog.Scalar
        from count in (int[])[1, 128]
        select new KernelCase(model.Name, "attention", format.ToString().ToLowerInvariant(), kernels.Name, $"{model.Heads}x{model.HeadDim}@{Depth}", count, threads)
        {
            Computes = PeakKind.F32,
            Prepare = _ => new AttentionWork(kernels, model, new KvLayout(model.HeadDim, format, format), Depth, count),
        };
}
