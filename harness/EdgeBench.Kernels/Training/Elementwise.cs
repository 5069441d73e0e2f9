using EdgeBench.Kernels.Transformer;
using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Training;

/// <summary>Element-wise functions and their derivatives; what fills no vector is done lane by lane.</summary>
internal static unsafe class Elementwise<T>
    where T : unmanaged, IFloats<T>
{
    public static void Apply<TUnary>(float* x, float* y, int count)
        where TUnary : struct, IUnary
    {
        int i = 0;
        for (; i <= count - T.Count; i += T.Count) T.Store(TUnary.Value(T.Load(x + i)), y + i);
        for (; i < count; i++) Floats1.Store(TUnary.Value(Floats1.Load(x + i)), y + i);
    }

    /// <summary>dx = (or +=) dy · f'(x).</summary>
    public static void Backward<TUnary>(float* x, float* dy, float* dx, int count, bool adds)
        where TUnary : struct, IUnary
    {
        int i = 0;
        for (; i <= count - T.Count; i += T.Count) Step<T>(i);
        for (; i < count; i++) Step<Floats1>(i);

        void Step<TLanes>(int at)
            where TLanes : unmanaged, IFloats<TLanes>
        {
            TLanes change = TLanes.Multiply(TLanes.Load(dy + at), TUnary.Slope(TLanes.Load(x + at)));
            TLanes.Store(adds ? TLanes.Add(TLanes.Load(dx + at), change) : change, dx + at);
        }
    }

    // With s = 1 / (1 + e^-z): silu(z) = z · s, and its derivative s + z · s · (1 - s).
    public static void SwiGluBackward(float* gate, float* up, float* dy, float* dgate, float* dup, int count)
    {
        int i = 0;
        for (; i <= count - T.Count; i += T.Count) Step<T>(i);
        for (; i < count; i++) Step<Floats1>(i);

        void Step<TLanes>(int at)
            where TLanes : unmanaged, IFloats<TLanes>
        {
            TLanes z = TLanes.Load(gate + at), slope = TLanes.Load(dy + at), one = TLanes.Create(1f);
            TLanes s = TLanes.Divide(one, TLanes.Add(one, Exponential.Exp(TLanes.Subtract(TLanes.Create(0f), z)))), silu = TLanes.Multiply(z, s);
            TLanes onGate = TLanes.MultiplyAdd(silu, TLanes.Subtract(one, s), s);
            TLanes onUp = TLanes.Multiply(slope, TLanes.Load(up + at));
            TLanes.Store(TLanes.Multiply(slope, silu), dup + at);
            TLanes.Store(TLanes.Multiply(onUp, onGate), dgate + at);
        }
    }

    /// <summary>y = (or +=) x · factor.</summary>
    public static void Scale(float* x, float factor, float* y, int count, bool adds)
    {
        T by = T.Create(factor);
        int i = 0;
        for (; i <= count - T.Count; i += T.Count) T.Store(adds ? T.MultiplyAdd(T.Load(x + i), by, T.Load(y + i)) : T.Multiply(T.Load(x + i), by), y + i);
        for (; i < count; i++) y[i] = adds ? y[i] + (x[i] * factor) : x[i] * factor;
    }

    /// <summary>y = (or +=) x · factors, element by element.</summary>
    public static void Multiply(float* x, float* factors, float* y, int count, bool adds)
    {
        int i = 0;
        for (; i <= count - T.Count; i += T.Count)
        {
            T product = T.Multiply(T.Load(x + i), T.Load(factors + i));
            T.Store(adds ? T.Add(T.Load(y + i), product) : product, y + i);
        }
        for (; i < count; i++) y[i] = adds ? y[i] + (x[i] * factors[i]) : x[i] * factors[i];
    }

    /// <summary>Σ (x - y)², and dx = (or +=) (x - y) · factor where dx is not null.</summary>
    public static float SquaredError(float* x, float* y, float* dx, float factor, int count, bool adds)
    {
        T sum = T.Create(0), by = T.Create(factor);
        float rest = 0;
        int i = 0;
        for (; i <= count - T.Count; i += T.Count)
        {
            T difference = T.Subtract(T.Load(x + i), T.Load(y + i));
            sum = T.MultiplyAdd(difference, difference, sum);
            if (dx != null) T.Store(adds ? T.MultiplyAdd(difference, by, T.Load(dx + i)) : T.Multiply(difference, by), dx + i);
        }
        for (; i < count; i++)
        {
            float difference = x[i] - y[i];
            rest += difference * difference;
            if (dx != null) dx[i] = adds ? dx[i] + (difference * factor) : difference * factor;
        }
        return T.Sum(sum) + rest;
    }
}
