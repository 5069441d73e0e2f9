using System.Runtime.CompilerServices;
using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Transformer;

/// <summary>
/// e^x and what is made of it, lane by lane. Relative error below 2⁻²²; results below the smallest normal number are 0. Source: S. Moshier, Cephes,
/// <c>expf</c> (reduction by ln 2 in two parts, polynomial of degree 5 over r²).
/// </summary>
internal static class Exponential
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : unmanaged, IFloats<T>
    {
        T lowest = T.Create(-87.33654f);
        T bounded = T.Min(T.Max(x, lowest), T.Create(88.37626f));
        T whole = T.Round(T.Multiply(bounded, T.Create(1.44269504f)));
        T r = T.MultiplyAdd(whole, T.Create(-0.693359375f), bounded);
        r = T.MultiplyAdd(whole, T.Create(2.12194440e-4f), r);
        T p = T.MultiplyAdd(T.Create(1.9875691500e-4f), r, T.Create(1.3981999507e-3f));
        p = T.MultiplyAdd(p, r, T.Create(8.3334519073e-3f));
        p = T.MultiplyAdd(p, r, T.Create(4.1665795894e-2f));
        p = T.MultiplyAdd(p, r, T.Create(1.6666665459e-1f));
        p = T.MultiplyAdd(p, r, T.Create(5.0000001201e-1f));
        p = T.Add(T.MultiplyAdd(p, T.Multiply(r, r), r), T.Create(1f));
        // A NaN fails every comparison, so that it is passed on.
        return T.WhereAtMost(x, lowest, T.Create(0f), T.WhereAtMost(x, x, T.Multiply(p, T.PowerOfTwo(whole)), x));
    }

    /// <summary>tanh x = 1 - 2 / (e^2x + 1); absolute error below 2⁻²¹.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x)
        where T : unmanaged, IFloats<T> =>
        T.Subtract(T.Create(1f), T.Divide(T.Create(2f), T.Add(Exp(T.Add(x, x)), T.Create(1f))));

    /// <summary>x / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Silu<T>(T x)
        where T : unmanaged, IFloats<T> =>
        T.Divide(x, T.Add(T.Create(1f), Exp(T.Subtract(T.Create(0f), x))));

    /// <summary>x/2 · (1 + tanh(sqrt(2/π) · (x + 0.044715 x³))).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Gelu<T>(T x)
        where T : unmanaged, IFloats<T>
    {
        T inner = T.Multiply(T.Multiply(x, T.Create(0.7978845608028654f)), T.MultiplyAdd(T.Multiply(x, x), T.Create(0.044715f), T.Create(1f)));
        return T.Multiply(T.Multiply(x, T.Create(0.5f)), T.Add(T.Create(1f), Tanh(inner)));
    }
}
