using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Training;

/// <summary>Optimiser steps in one pass over parameters, gradients and moments.</summary>
internal static unsafe class Updates<T>
    where T : unmanaged, IFloats<T>
{
    /// <inheritdoc cref="TrainingKernels.AdamW"/>
    public static void AdamW(float* p, float* g, float* m, float* v, int count, in AdamWCoefficients with)
    {
        AdamWCoefficients c = with;
        int i = 0;
        for (; i <= count - T.Count; i += T.Count) Adam<T>(p + i, g + i, m + i, v + i, c);
        for (; i < count; i++) Adam<Floats1>(p + i, g + i, m + i, v + i, c);
    }

    /// <inheritdoc cref="TrainingKernels.Sgd"/>
    public static void Sgd(float* p, float* g, float* b, int count, float rate, float momentum, float clip)
    {
        int i = 0;
        for (; i <= count - T.Count; i += T.Count) Descend<T>(p + i, g + i, b + i, rate, momentum, clip);
        for (; i < count; i++) Descend<Floats1>(p + i, g + i, b + i, rate, momentum, clip);
    }

    private static void Adam<TLanes>(float* p, float* g, float* m, float* v, in AdamWCoefficients c)
        where TLanes : unmanaged, IFloats<TLanes>
    {
        TLanes slope = TLanes.Multiply(TLanes.Load(g), TLanes.Create(c.Clip));
        TLanes mean = TLanes.MultiplyAdd(TLanes.Create(c.Beta1), TLanes.Load(m), TLanes.Multiply(TLanes.Create(1 - c.Beta1), slope));
        TLanes square = TLanes.MultiplyAdd(TLanes.Create(c.Beta2), TLanes.Load(v), TLanes.Multiply(TLanes.Multiply(TLanes.Create(1 - c.Beta2), slope), slope));
        TLanes.Store(mean, m);
        TLanes.Store(square, v);
        TLanes divisor = TLanes.MultiplyAdd(TLanes.Sqrt(square), TLanes.Create(c.Root), TLanes.Create(c.Epsilon));
        TLanes kept = TLanes.Multiply(TLanes.Load(p), TLanes.Create(c.Keep));
        TLanes.Store(TLanes.Subtract(kept, TLanes.Divide(TLanes.Multiply(TLanes.Create(c.Rate), mean), divisor)), p);
    }

    private static void Descend<TLanes>(float* p, float* g, float* b, float rate, float momentum, float clip)
        where TLanes : unmanaged, IFloats<TLanes>
    {
        TLanes speed = TLanes.MultiplyAdd(TLanes.Create(momentum), TLanes.Load(b), TLanes.Multiply(TLanes.Load(g), TLanes.Create(clip)));
        TLanes.Store(speed, b);
        TLanes.Store(TLanes.Subtract(TLanes.Load(p), TLanes.Multiply(TLanes.Create(rate), speed)), p);
    }
}
