using EdgeBench.Engine.Inference.Memory;

namespace EdgeBench.Engine.Inference.Adapters;

/// <summary>A low-rank addition to one matrix: y += B (A x), its scale in B.</summary>
/// <param name="A">[Rank, inputs].</param>
/// <param name="B">[outputs, Rank].</param>
/// <param name="Offset">Where A x stands in a row of such products.</param>
internal sealed record LinearAdapter(int Rank, NativeBlock A, NativeBlock B, int Offset) : IDisposable
{
    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }
}
