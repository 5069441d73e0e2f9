using EdgeBench.Kernels.Transformer;
using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Training;

/// <summary>Norms of one row and their derivatives; r is 1 / sqrt(mean square, or variance, + epsilon).</summary>
internal static unsafe class NormRows<T>
    where T : unmanaged, IFloats<T>
{
    /// <inheritdoc cref="TrainingKernels.RmsForward"/>
    public static float RmsForward(float* x, float* gain, int width, float epsilon, float* y)
    {
        float r = (float)(1 / Math.Sqrt((RowKernels<T>.Dot(x, x, width) / (double)width) + epsilon));
        T factor = T.Create(r);
        int i = 0;
        for (; i <= width - T.Count; i += T.Count) T.Store(T.Multiply(T.Multiply(T.Load(x + i), factor), T.Load(gain + i)), y + i);
        for (; i < width; i++) y[i] = x[i] * r * gain[i];
        return r;
    }

    // dx = r · (dy · g) - x · r³ / width · Σ (dy · g · x); dg += dy · x · r.
    public static void RmsBackward(float* x, float* gain, float r, float* dy, int width, float* dx, bool adds, float* dgain)
    {
        T sum = T.Create(0);
        int i = 0;
        for (; i <= width - T.Count; i += T.Count) sum = T.MultiplyAdd(T.Multiply(T.Load(dy + i), T.Load(gain + i)), T.Load(x + i), sum);
        float total = T.Sum(sum);
        for (; i < width; i++) total += dy[i] * gain[i] * x[i];
        float back = -total * r * r * r / width;
        T scale = T.Create(r), pull = T.Create(back);
        for (i = 0; i <= width - T.Count; i += T.Count)
        {
            T value = T.Load(x + i), slope = T.Load(dy + i);
            T change = T.MultiplyAdd(value, pull, T.Multiply(T.Multiply(slope, T.Load(gain + i)), scale));
            T.Store(adds ? T.Add(T.Load(dx + i), change) : change, dx + i);
            if (dgain != null) T.Store(T.MultiplyAdd(T.Multiply(slope, value), scale, T.Load(dgain + i)), dgain + i);
        }
        for (; i < width; i++)
        {
            float change = (dy[i] * gain[i] * r) + (x[i] * back);
            if (dgain != null) dgain[i] += dy[i] * x[i] * r;
            dx[i] = adds ? dx[i] + change : change;
        }
    }

    /// <inheritdoc cref="TrainingKernels.LayerForward"/>
    public static float LayerForward(float* x, float* gain, float* bias, int width, float epsilon, float* y, out float mean)
    {
        mean = Mean(x, width);
        float r = (float)(1 / Math.Sqrt((Squares(x, mean, width) / (double)width) + epsilon));
        T middle = T.Create(mean), factor = T.Create(r);
        int i = 0;
        for (; i <= width - T.Count; i += T.Count)
            T.Store(T.MultiplyAdd(T.Multiply(T.Subtract(T.Load(x + i), middle), factor), T.Load(gain + i), T.Load(bias + i)), y + i);
        for (; i < width; i++) y[i] = ((x[i] - mean) * r * gain[i]) + bias[i];
        return r;
    }

    // With n = (x - mean) · r and a = dy · g: dx = r · (a - mean(a) - n · mean(a · n)); dg += dy · n; db += dy.
    public static void LayerBackward(float* x, float* gain, float mean, float r, float* dy, int width, float* dx, bool adds, float* dgain, float* dbias)
    {
        T sum = T.Create(0), along = T.Create(0), middle = T.Create(mean), factor = T.Create(r);
        int i = 0;
        for (; i <= width - T.Count; i += T.Count)
        {
            T a = T.Multiply(T.Load(dy + i), T.Load(gain + i));
            sum = T.Add(sum, a);
            along = T.MultiplyAdd(a, T.Multiply(T.Subtract(T.Load(x + i), middle), factor), along);
        }
        (float total, float onto) = (T.Sum(sum), T.Sum(along));
        for (; i < width; i++)
        {
            total += dy[i] * gain[i];
            onto += dy[i] * gain[i] * ((x[i] - mean) * r);
        }
        (total, onto) = (total / width, onto / width);
        for (i = 0; i <= width - T.Count; i += T.Count) LayerStep<T>(i, T.Create(mean), T.Create(r), T.Create(total), T.Create(onto));
        for (; i < width; i++) LayerStep<Floats1>(i, Floats1.Create(mean), Floats1.Create(r), Floats1.Create(total), Floats1.Create(onto));

        void LayerStep<TLanes>(int at, TLanes mean, TLanes r, TLanes total, TLanes onto)
            where TLanes : unmanaged, IFloats<TLanes>
        {
            TLanes n = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x + at), mean), r), slope = TLanes.Load(dy + at);
            TLanes centred = TLanes.Subtract(TLanes.Subtract(TLanes.Multiply(slope, TLanes.Load(gain + at)), total), TLanes.Multiply(n, onto));
            TLanes change = TLanes.Multiply(centred, r);
            TLanes.Store(adds ? TLanes.Add(TLanes.Load(dx + at), change) : change, dx + at);
            if (dgain != null) TLanes.Store(TLanes.MultiplyAdd(slope, n, TLanes.Load(dgain + at)), dgain + at);
            if (dbias != null) TLanes.Store(TLanes.Add(slope, TLanes.Load(dbias + at)), dbias + at);
        }
    }

    private static float Mean(float* x, int width)
    {
        T sum = T.Create(0);
        int i = 0;
        for (; i <= width - T.Count; i += T.Count) sum = T.Add(sum, T.Load(x + i));
        float total = T.Sum(sum);
        for (; i < width; i++) total += x[i];
        return total / width;
    }

    private static float Squares(float* x, float mean, int width)
    {
        T sum = T.Create(0), middle = T.Create(mean);
        int i = 0;
        for (; i <= width - T.Count; i += T.Count)
        {
            T difference = T.Subtract(T.Load(x + i), middle);
            sum = T.MultiplyAdd(difference, difference, sum);
        }
        float total = T.Sum(sum);
        for (; i < width; i++) total += (x[i] - mean) * (x[i] - mean);
        return total;
    }
}
