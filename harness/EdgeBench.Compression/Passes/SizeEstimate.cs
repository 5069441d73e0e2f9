using EdgeBench.Core.Configuration;

namespace EdgeBench.Compression.Passes;

internal static class SizeEstimate
{
    public static long Of(TransformerShape shape, TypePlan plan) => shape.Layers + (long)plan.Inner;
}
