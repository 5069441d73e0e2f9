using EdgeBench.Kernels.Transformer;
using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Training;

/// <summary>Cross-entropy of one row mixed with its divergence from a teacher's. Exponentials are made twice, which is little beside the products that made the logits.</summary>
internal static unsafe class DistillationRows<T>
    where T : unmanaged, IFloats<T>
{
    /// <inheritdoc cref="TrainingKernels.Distillation"/>
    public static float Loss(float* logits, float* teacher, int count, int target, float factor, float alpha, float temperature)
    {
        float largest = SoftmaxRows<T>.Largest(logits, count), teachers = SoftmaxRows<T>.Largest(teacher, count), chosen = logits[target], by = 1 / temperature;
        Sums<T> whole = default;
        Sums<Floats1> rest = default;
        int i = 0;
        for (; i <= count - T.Count; i += T.Count) whole.Add(logits + i, teacher + i, by, largest, teachers);
        for (; i < count; i++) rest.Add(logits + i, teacher + i, by, largest, teachers);
        float plain = T.Sum(whole.Plain) + Floats1.Sum(rest.Plain), soft = T.Sum(whole.Soft) + Floats1.Sum(rest.Soft), taught = T.Sum(whole.Taught) + Floats1.Sum(rest.Taught);
        double distance = (T.Sum(whole.Distance) + Floats1.Sum(rest.Distance)) / (double)taught;

        float onPlain = factor * (1 - alpha) / plain, onSoft = factor * alpha * temperature / soft, onTaught = factor * alpha * temperature / taught;
        for (i = 0; i <= count - T.Count; i += T.Count) Slope<T>(logits + i, teacher + i, by, largest, teachers, onPlain, onSoft, onTaught);
        for (; i < count; i++) Slope<Floats1>(logits + i, teacher + i, by, largest, teachers, onPlain, onSoft, onTaught);
        logits[target] -= factor * (1 - alpha);

        double entropy = Math.Log(plain) + (largest - chosen);
        double divergence = (distance * by) - (Math.Log(taught) + (teachers * by)) + (Math.Log(soft) + (largest * by));
        return (float)(((1 - alpha) * entropy) + (alpha * temperature * temperature * divergence));
    }

    // The same arithmetic for both, so that nothing is left where they are equal.
    private static void Slope<TLanes>(float* logits, float* teacher, float by, float largest, float teachers, float onPlain, float onSoft, float onTaught)
        where TLanes : unmanaged, IFloats<TLanes>
    {
        TLanes z = TLanes.Load(logits);
        TLanes difference = TLanes.Subtract(TLanes.Multiply(Exponent(z, by, largest), TLanes.Create(onSoft)), TLanes.Multiply(Exponent(TLanes.Load(teacher), by, teachers), TLanes.Create(onTaught)));
        TLanes.Store(TLanes.MultiplyAdd(Exponent(z, 1, largest), TLanes.Create(onPlain), difference), logits);
    }

    private static TLanes Exponent<TLanes>(TLanes x, float by, float largest)
        where TLanes : unmanaged, IFloats<TLanes> => Exponential.Exp(TLanes.MultiplyAdd(x, TLanes.Create(by), TLanes.Create(-largest * by)));

    // Of e^z, e^(z / T), the teacher's e^(t / T), and that times t - z.
    private struct Sums<TLanes>
        where TLanes : unmanaged, IFloats<TLanes>
    {
        public TLanes Plain, Soft, Taught, Distance;

        public void Add(float* logits, float* teacher, float by, float largest, float teachers)
        {
            TLanes z = TLanes.Load(logits), t = TLanes.Load(teacher), q = Exponent(t, by, teachers);
            Plain = TLanes.Add(Plain, Exponent(z, 1, largest));
            Soft = TLanes.Add(Soft, Exponent(z, by, largest));
            Taught = TLanes.Add(Taught, q);
            Distance = TLanes.MultiplyAdd(q, TLanes.Subtract(t, z), Distance);
        }
    }
}
