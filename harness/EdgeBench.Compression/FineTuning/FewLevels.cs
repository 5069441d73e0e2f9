using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.FineTuning;

/// <summary>Weights of three and two bits: Q4_0 blocks of which fewer levels are used. The file is no smaller than with four bits; what changes is what weights can be.</summary>
internal static class FewLevels
{
    /// <summary>What the types show, and whether all levels are within <paramref name="top"/>.</summary>
    public static PassReadback ReadBack(PassReadback types, GgufFile output, int top)
    {
        GgufTensor[] matrices = [.. output.Tensors.Where(tensor => tensor.Type == GgmlType.Q4_0 && MatrixTargets.PartOf(tensor) is MatrixPart.Inner)];
        int within = matrices.Count(tensor => GridTensor.IsWithin(output, tensor, top));
        return types with
        {
            Found = $"{types.Found}; levels from -{top} to {top} in {within} of {matrices.Length} of these, stored in q4_0 blocks of 4.5 bits a weight",
            Applied = within == matrices.Length ? types.Applied : Applied.NotApplied,
        };
    }
}
