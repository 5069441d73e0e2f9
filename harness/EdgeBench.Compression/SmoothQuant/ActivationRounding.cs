using System.Numerics.Tensors;
using EdgeBench.Engine.Decoding;

namespace EdgeBench.Compression.SmoothQuant;

/// <summary>
/// Rounds what matrix products read to symmetric int8 and back, as an int8 runtime would, so that W8A8 can be scored in float32: a scale for each token
/// (largest magnitude / 127), or one for each site from calibration.
/// </summary>
public static class ActivationRounding
{
    public const int Highest = 127;

    /// <summary>A scale for each row.</summary>
    public static void PerToken(int layer, LinearSite site, Span<float> rows, int width)
    {
        for (int at = 0; at < rows.Length; at += width)
        {
            Span<float> row = rows.Slice(at, width);
            Round(row, MathF.Abs(TensorPrimitives.MaxMagnitude<float>(row)) / Highest);
        }
    }

    /// <summary>One scale for each site of each layer.</summary>
    public static ActivationTap Static(IReadOnlyDictionary<(int Layer, LinearSite Site), float> scales) =>
        (layer, site, rows, _) => Round(rows, scales[(layer, site)]);

    private static void Round(Span<float> values, float scale)
    {
        if (scale == 0) return;
        TensorPrimitives.Divide(values, scale, values);
        TensorPrimitives.Round(values, values);
        TensorPrimitives.Max(values, -Highest, values);
        TensorPrimitives.Min(values, Highest, values);
        TensorPrimitives.Multiply(values, scale, values);
    }
}
