using EdgeBench.Core.Configuration;
using EdgeBench.Models.Shapes;

namespace EdgeBench.Compression.Passes;

/// <summary>Bytes of all tensors that a pass would leave, from the shape alone.</summary>
internal static class SizeEstimate
{
    public static long Of(TransformerShape shape, TypePlan plan) =>
        TensorPlan.For(shape).Bytes(tensor => plan.Feasible(tensor.Name, tensor.Dimensions));
}
