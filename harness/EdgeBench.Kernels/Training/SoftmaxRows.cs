using EdgeBench.Kernels.Transformer;
using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Training;

/// <summary>Softmax of one row where its derivative is wanted: in cross-entropy and in attention.</summary>
internal static unsafe class SoftmaxRows<T>
    where T : unmanaged, IFloats<T>
{
    /// <inheritdoc cref="TrainingKernels.CrossEntropy"/>
    public static float CrossEntropy(float* logits, int count, int target, float factor)
    {
        float largest = Largest(logits, count), chosen = logits[target];
        float sum = Exponentials(logits, count, 1, largest), scale = factor / sum;
        Elementwise<T>.Scale(logits, scale, logits, count, adds: false);
        logits[target] -= factor;
        return MathF.Log(sum) + (largest - chosen);
    }

    /// <summary>
    /// Scores of keys 0 to <paramref name="seen"/> - 1 become probabilities, those up to <paramref name="count"/> zeros; returns log Σ e^(scale · score). As in
    /// all three functions of attention, rows have room for whole vectors: their last one is filled up, so that nothing is done lane by lane.
    /// </summary>
    public static float Forward(float* scores, int seen, int count, float scale)
    {
        int whole = Fill(scores, seen, float.NegativeInfinity);
        float largest = Largest(scores, whole) * scale, sum = Exponentials(scores, whole, scale, largest);
        Elementwise<T>.Scale(scores, 1 / sum, scores, whole, adds: false);
        Clear(scores, whole, count);
        return MathF.Log(sum) + largest;
    }

    /// <summary>The same from the logarithm that <see cref="Forward"/> returned.</summary>
    public static void Again(float* scores, int seen, int count, float scale, float logarithm)
    {
        int whole = Fill(scores, seen, float.NegativeInfinity);
        _ = Exponentials(scores, whole, scale, logarithm);
        Clear(scores, whole, count);
    }

    /// <summary>slopes (of probabilities) become those of scores: p · (dp - Σ p · dp) · scale; zeros past <paramref name="seen"/>.</summary>
    public static void Backward(float* probabilities, float* slopes, int seen, int count, float scale)
    {
        int whole = Fill(slopes, seen, 0);
        T mean = T.Create(RowKernels<T>.Dot(probabilities, slopes, whole)), by = T.Create(scale);
        for (int i = 0; i < whole; i += T.Count)
            T.Store(T.Multiply(T.Multiply(T.Subtract(T.Load(slopes + i), mean), by), T.Load(probabilities + i)), slopes + i);
        Clear(slopes, whole, count);
    }

    private static int Fill(float* row, int seen, float value)
    {
        int whole = (seen + T.Count - 1) / T.Count * T.Count;
        new Span<float>(row + seen, whole - seen).Fill(value);
        return whole;
    }

    private static void Clear(float* row, int first, int end)
    {
        if (first < end) new Span<float>(row + first, end - first).Clear();
    }

    internal static float Largest(float* x, int count)
    {
        float largest = x[0];
        int i = 0;
        if (count >= T.Count)
        {
            T most = T.Load(x);
            for (; i <= count - T.Count; i += T.Count) most = T.Max(most, T.Load(x + i));
            largest = T.Largest(most);
        }
        for (; i < count; i++) largest = MathF.Max(largest, x[i]);
        return largest;
    }

    // x becomes e^(x · scale - minus); the sum of all.
    private static float Exponentials(float* x, int count, float scale, float minus)
    {
        T by = T.Create(scale), offset = T.Create(-minus), sum = T.Create(0), other = sum;
        int i = 0;
        for (; i <= count - (2 * T.Count); i += 2 * T.Count)
        {
            T a = Exponential.Exp(T.MultiplyAdd(T.Load(x + i), by, offset)), b = Exponential.Exp(T.MultiplyAdd(T.Load(x + i + T.Count), by, offset));
            T.Store(a, x + i);
            T.Store(b, x + i + T.Count);
            sum = T.Add(sum, a);
            other = T.Add(other, b);
        }
        if (i <= count - T.Count)
        {
            T a = Exponential.Exp(T.MultiplyAdd(T.Load(x + i), by, offset));
            T.Store(a, x + i);
            sum = T.Add(sum, a);
            i += T.Count;
        }
        float total = T.Sum(T.Add(sum, other));
        for (; i < count; i++)
        {
            Floats1.Store(Exponential.Exp(Floats1.Create((x[i] * scale) - minus)), x + i);
            total += x[i];
        }
        return total;
    }
}
