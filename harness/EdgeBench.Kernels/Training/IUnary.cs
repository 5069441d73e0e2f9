using EdgeBench.Kernels.Transformer;
using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Training;

/// <summary>A function of one number and its derivative.</summary>
internal interface IUnary
{
    static abstract T Value<T>(T x)
        where T : unmanaged, IFloats<T>;

    static abstract T Slope<T>(T x)
        where T : unmanaged, IFloats<T>;
}

/// <summary>x · Φ(x). Source: D. Hendrycks, K. Gimpel, "Gaussian Error Linear Units", 2016.</summary>
internal readonly struct GeluUnary : IUnary
{
    public static T Value<T>(T x)
        where T : unmanaged, IFloats<T> => T.Multiply(x, Gaussian.Below(x));

    public static T Slope<T>(T x)
        where T : unmanaged, IFloats<T> => T.MultiplyAdd(x, Gaussian.Density(x), Gaussian.Below(x));
}

/// <summary>tanh x, whose derivative is 1 - tanh² x.</summary>
internal readonly struct TanhUnary : IUnary
{
    public static T Value<T>(T x)
        where T : unmanaged, IFloats<T> => Exponential.Tanh(x);

    public static T Slope<T>(T x)
        where T : unmanaged, IFloats<T>
    {
        T y = Exponential.Tanh(x);
        return T.Subtract(T.Create(1f), T.Multiply(y, y));
    }
}

/// <summary>x · s with s = 1 / (1 + e^-x), whose derivative is s + x · s · (1 - s). Source: S. Elfwing et al., "Sigmoid-Weighted Linear Units", 2018.</summary>
internal readonly struct SiluUnary : IUnary
{
    public static T Value<T>(T x)
        where T : unmanaged, IFloats<T> => Exponential.Silu(x);

    public static T Slope<T>(T x)
        where T : unmanaged, IFloats<T>
    {
        T one = T.Create(1f), s = T.Divide(one, T.Add(one, Exponential.Exp(T.Subtract(T.Create(0f), x))));
        return T.MultiplyAdd(T.Multiply(x, s), T.Subtract(one, s), s);
    }
}
