using System.Runtime.CompilerServices;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Training;

/// <summary>The normal distribution, lane by lane.</summary>
internal static class Gaussian
{
    /// <summary>Φ(z) = (1 + erf(z / sqrt 2)) / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Below<T>(T z)
        where T : unmanaged, IFloats<T> =>
        T.MultiplyAdd(Erf(T.Multiply(z, T.Create(0.70710678f))), T.Create(0.5f), T.Create(0.5f));

    /// <summary>φ(z) = e^(-z²/2) / sqrt(2π).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Density<T>(T z)
        where T : unmanaged, IFloats<T> =>
        T.Multiply(Exponential.Exp(T.Multiply(T.Multiply(z, z), T.Create(-0.5f))), T.Create(0.3989422804014327f));

    // Rational minimax approximation on [-4, 4], beyond which erf is ±1 in float32; error under 3e-7. Source: Eigen, generic_fast_erf_float.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Erf<T>(T value)
        where T : unmanaged, IFloats<T>
    {
        T x = T.Min(T.Max(value, T.Create(-4f)), T.Create(4f)), s = T.Multiply(x, x);
        T p = T.MultiplyAdd(T.Create(-2.72614225801306e-10f), s, T.Create(2.77068142495902e-08f));
        p = T.MultiplyAdd(p, s, T.Create(-2.10102402082508e-06f));
        p = T.MultiplyAdd(p, s, T.Create(-5.69250639462346e-05f));
        p = T.MultiplyAdd(p, s, T.Create(-7.34990630326855e-04f));
        p = T.MultiplyAdd(p, s, T.Create(-2.95459980854025e-03f));
        p = T.MultiplyAdd(p, s, T.Create(-1.60960333262415e-02f));
        T q = T.MultiplyAdd(T.Create(-1.45660718464996e-05f), s, T.Create(-2.13374055278905e-04f));
        q = T.MultiplyAdd(q, s, T.Create(-1.68282697438203e-03f));
        q = T.MultiplyAdd(q, s, T.Create(-7.37332916720468e-03f));
        q = T.MultiplyAdd(q, s, T.Create(-1.42647390514189e-02f));
        return T.Divide(T.Multiply(x, p), q);
    }
}
