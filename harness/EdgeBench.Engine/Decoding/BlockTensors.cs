using EdgeBench.Core.Problems;

namespace EdgeBench.Engine.Decoding;

/// <summary>Loads one block's tensors and checks their lengths.</summary>
internal sealed class BlockTensors(IWeights weights, int layer)
{
    public bool Has(string part) => weights.Has(Name(part));

    /// <summary>A matrix with its bias where there is one.</summary>
    public (BlockMatrix Matrix, float[]? Bias) Matrix(string part, int rows, int columns, LinearSite site) =>
        (new(Name($"{part}.weight"), rows, columns, site, Load($"{part}.weight", (long)rows * columns)), Optional($"{part}.bias", rows));

    public float[] Vector(string part, int length) => Load(part, length);

    public float[]? Optional(string part, int length) => Has(part) ? Load(part, length) : null;

    private string Name(string part) => $"blk.{layer}.{part}";

    private float[] Load(string part, long length)
    {
        float[] values = weights.Load(Name(part));
        return values.Length == length ? values
            : throw EdgeBenchException.BadInput($"tensor '{Name(part)}' has {values.Length} elements", $"{length}, by the model's dimensions", "Fetch or convert the file again.");
    }
}
