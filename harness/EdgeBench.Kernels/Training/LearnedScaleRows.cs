using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Training;

/// <summary>
/// Weights that share a scale, rounded to its levels, and what that scale's gradient is. Source: S. Esser et al., "Learned Step Size Quantization", 2020, equations 1
/// to 3 and 5, with limits as whole numbers of either sign.
/// </summary>
internal static unsafe class LearnedScaleRows<T>
    where T : unmanaged, IFloats<T>
{
    /// <inheritdoc cref="TrainingKernels.OnLevels"/>
    public static void Forward(float* w, float scale, int lowest, int highest, float* y, int count)
    {
        if (scale == 0)
        {
            new Span<float>(y, count).Clear();
            return;
        }
        int i = 0;
        for (; i <= count - T.Count; i += T.Count) Step<T>(i);
        for (; i < count; i++) Step<Floats1>(i);

        void Step<TLanes>(int at)
            where TLanes : unmanaged, IFloats<TLanes>
        {
            TLanes level = Level(TLanes.Divide(TLanes.Load(w + at), TLanes.Create(scale)), lowest, highest);
            TLanes.Store(TLanes.Multiply(level, TLanes.Create(scale)), y + at);
        }
    }

    /// <inheritdoc cref="TrainingKernels.OnLevelsBackward"/>
    public static float Backward(float* w, float scale, int lowest, int highest, float* dy, float* dw, int count, bool adds)
    {
        if (scale == 0)
        {
            if (dw != null && !adds) new Span<float>(dw, count).Clear();
            return 0;
        }
        T whole = T.Create(0);
        Floats1 rest = Floats1.Create(0);
        int i = 0;
        for (; i <= count - T.Count; i += T.Count) Step(i, ref whole);
        for (; i < count; i++) Step(i, ref rest);
        return T.Sum(whole) + Floats1.Sum(rest);

        void Step<TLanes>(int at, ref TLanes sum)
            where TLanes : unmanaged, IFloats<TLanes>
        {
            TLanes v = TLanes.Divide(TLanes.Load(w + at), TLanes.Create(scale)), slope = TLanes.Load(dy + at), level = Level(v, lowest, highest);
            sum = TLanes.MultiplyAdd(slope, TLanes.Subtract(level, Inside(v, v, lowest, highest)), sum);
            if (dw == null) return;
            TLanes passed = Inside(v, slope, lowest, highest);
            TLanes.Store(adds ? TLanes.Add(TLanes.Load(dw + at), passed) : passed, dw + at);
        }
    }

    // + 0 turns a negative zero into the zero that an integer would be.
    private static TLanes Level<TLanes>(TLanes v, int lowest, int highest)
        where TLanes : unmanaged, IFloats<TLanes> => TLanes.Add(TLanes.Round(TLanes.Min(TLanes.Max(v, TLanes.Create(lowest)), TLanes.Create(highest))), TLanes.Create(0));

    // value where v is between the limits, else 0.
    private static TLanes Inside<TLanes>(TLanes v, TLanes value, int lowest, int highest)
        where TLanes : unmanaged, IFloats<TLanes> =>
        TLanes.WhereAtMost(v, TLanes.Create(lowest), TLanes.Create(0), TLanes.WhereAtMost(TLanes.Create(highest), v, TLanes.Create(0), value));
}
