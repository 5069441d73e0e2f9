using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeBench.Compression.Passes;

/// <summary>Sums of squares of a tensor and of what rounding changed in it.</summary>
internal readonly record struct SquaredError(double Error, double Norm)
{
    // Float32 sums stay exact to about 1e-6 over so many elements; the rest is added in float64.
    private const int Span = 1024;

    /// <summary>‖Ŵ − W‖ / ‖W‖ (Frobenius); 0 for a tensor of zeros that stayed so.</summary>
    public double Relative => Norm > 0 ? Math.Sqrt(Error / Norm) : Error > 0 ? double.PositiveInfinity : 0;

    public static SquaredError operator +(SquaredError a, SquaredError b) => new(a.Error + b.Error, a.Norm + b.Norm);

    public static SquaredError Of(ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        (double error, double norm) = (0, 0);
        for (int start = 0; start < before.Length; start += Span)
        {
            int length = Math.Min(Span, before.Length - start);
            (float spanError, float spanNorm) = Sum(before.Slice(start, length), after.Slice(start, length));
            (error, norm) = (error + spanError, norm + spanNorm);
        }
        return new SquaredError(error, norm);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Error, float Norm) Sum(ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        (Vector<float> errors, Vector<float> norms) = (Vector<float>.Zero, Vector<float>.Zero);
        int i = 0;
        for (; i <= before.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> value = new(before[i..]), difference = new Vector<float>(after[i..]) - value;
            errors += difference * difference;
            norms += value * value;
        }
        (float error, float norm) = (Vector.Sum(errors), Vector.Sum(norms));
        for (; i < before.Length; i++)
        {
            float difference = after[i] - before[i];
            (error, norm) = (error + (difference * difference), norm + (before[i] * before[i]));
        }
        return (error, norm);
    }
}
