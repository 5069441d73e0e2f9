using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Transformer;

/// <summary>Row-wise kernels of one vector width; the rest of a row that fills no vector is done lane by lane.</summary>
internal static unsafe class RowKernels<T>
    where T : unmanaged, IFloats<T>
{
    /// <inheritdoc cref="TransformerKernels.Dot"/>
    public static float Dot(float* x, float* y, int count)
    {
        // Four sums hide the latency of an addition.
        T a = T.Create(0), b = a, c = a, d = a;
        int i = 0;
        for (; i <= count - (4 * T.Count); i += 4 * T.Count)
        {
            a = T.MultiplyAdd(T.Load(x + i), T.Load(y + i), a);
            b = T.MultiplyAdd(T.Load(x + i + T.Count), T.Load(y + i + T.Count), b);
            c = T.MultiplyAdd(T.Load(x + i + (2 * T.Count)), T.Load(y + i + (2 * T.Count)), c);
            d = T.MultiplyAdd(T.Load(x + i + (3 * T.Count)), T.Load(y + i + (3 * T.Count)), d);
        }
        for (; i <= count - T.Count; i += T.Count) a = T.MultiplyAdd(T.Load(x + i), T.Load(y + i), a);
        float sum = T.Sum(T.Add(T.Add(a, b), T.Add(c, d)));
        for (; i < count; i++) sum += x[i] * y[i];
        return sum;
    }

    /// <inheritdoc cref="TransformerKernels.RmsNorm"/>
    public static bool RmsNorm(float* x, float* gain, int width, float epsilon, float* target)
    {
        float squares = Dot(x, x, width), scale = 1 / MathF.Sqrt((squares / width) + epsilon);
        T factor = T.Create(scale);
        int i = 0;
        for (; i <= width - T.Count; i += T.Count) T.Store(T.Multiply(T.Multiply(T.Load(x + i), factor), T.Load(gain + i)), target + i);
        for (; i < width; i++) target[i] = x[i] * scale * gain[i];
        return float.IsFinite(squares);
    }

    /// <inheritdoc cref="TransformerKernels.Add"/>
    public static void Add(float* source, float* target, int count)
    {
        int i = 0;
        for (; i <= count - T.Count; i += T.Count) T.Store(T.Add(T.Load(target + i), T.Load(source + i)), target + i);
        for (; i < count; i++) target[i] += source[i];
    }

    /// <inheritdoc cref="TransformerKernels.Rotate"/>
    public static void Rotate(float* row, int heads, int headDim, int pairs, float* cosines, float* sines)
    {
        for (int head = 0; head < heads; head++)
        {
            float* first = row + ((nint)head * headDim), second = first + pairs;
            int j = 0;
            for (; j <= pairs - T.Count; j += T.Count) Turn<T>(first + j, second + j, cosines + j, sines + j);
            for (; j < pairs; j++) Turn<Floats1>(first + j, second + j, cosines + j, sines + j);
        }
    }

    /// <inheritdoc cref="TransformerKernels.SwiGlu"/>
    public static void SwiGlu(float* gate, float* up, float* target, int count)
    {
        int i = 0;
        for (; i <= count - T.Count; i += T.Count) T.Store(T.Multiply(Exponential.Silu(T.Load(gate + i)), T.Load(up + i)), target + i);
        for (; i < count; i++) Floats1.Store(Floats1.Multiply(Exponential.Silu(Floats1.Load(gate + i)), Floats1.Load(up + i)), target + i);
    }

    /// <inheritdoc cref="TransformerKernels.GeGlu"/>
    public static void GeGlu(float* gate, float* up, float* target, int count)
    {
        int i = 0;
        for (; i <= count - T.Count; i += T.Count) T.Store(T.Multiply(Exponential.Gelu(T.Load(gate + i)), T.Load(up + i)), target + i);
        for (; i < count; i++) Floats1.Store(Floats1.Multiply(Exponential.Gelu(Floats1.Load(gate + i)), Floats1.Load(up + i)), target + i);
    }

    /// <inheritdoc cref="TransformerKernels.Cap"/>
    public static void Cap(float* values, int count, float cap)
    {
        int i = 0;
        for (; i <= count - T.Count; i += T.Count) T.Store(Cap(T.Load(values + i), cap), values + i);
        for (; i < count; i++) Floats1.Store(RowKernels<Floats1>.Cap(Floats1.Load(values + i), cap), values + i);
    }

    public static T Cap(T value, float cap) => T.Multiply(T.Create(cap), Exponential.Tanh(T.Multiply(value, T.Create(1 / cap))));

    private static void Turn<TLanes>(float* first, float* second, float* cosines, float* sines)
        where TLanes : unmanaged, IFloats<TLanes>
    {
        TLanes u = TLanes.Load(first), w = TLanes.Load(second), cosine = TLanes.Load(cosines), sine = TLanes.Load(sines);
        TLanes.Store(TLanes.Subtract(TLanes.Multiply(u, cosine), TLanes.Multiply(w, sine)), first);
        TLanes.Store(TLanes.Add(TLanes.Multiply(w, cosine), TLanes.Multiply(u, sine)), second);
    }
}
