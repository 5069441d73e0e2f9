using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Adapters;

/// <summary>The two tensors that are added to one matrix.</summary>
/// <param name="Matrix">GGUF's name without <c>.weight</c>.</param>
/// <param name="A">[rank, inputs].</param>
/// <param name="B">[outputs, rank].</param>
public sealed record LoraPair(string Matrix, TensorOutline A, TensorOutline B)
{
    public int Rank => checked((int)A.Rows);
}
