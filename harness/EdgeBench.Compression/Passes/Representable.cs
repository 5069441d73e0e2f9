using System.Numerics;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>Whether rounding to a float type keeps values finite. Float32 itself takes anything; block formats refuse by themselves.</summary>
internal static class Representable
{
    // The least magnitude that rounds to infinity: in float16 half a step beyond 65,504; in bfloat16 half a step beyond its largest.
    private const float HalfLimit = 65_520f;
    private const float BrainLimit = 3.3961775e38f;

    public static bool All(ReadOnlySpan<float> values, GgmlType type) => type switch
    {
        GgmlType.F16 => Below(values, HalfLimit),
        GgmlType.BF16 => Below(values, BrainLimit),
        _ => true,
    };

    // NaN compares false, so it is never below.
    private static bool Below(ReadOnlySpan<float> values, float limit)
    {
        Vector<float> bound = new(limit);
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            if (!Vector.LessThanAll(Vector.Abs(new Vector<float>(values[i..])), bound)) return false;
        }
        for (; i < values.Length; i++)
        {
            if (!(MathF.Abs(values[i]) < limit)) return false;
        }
        return true;
    }
}
