using System.Numerics.Tensors;
using EdgeBench.Kernels.Dense;

namespace EdgeBench.Engine.Decoding;

/// <summary>What is done row by row, shared among threads.</summary>
internal static unsafe class RowWork
{
    // Rows below which another thread costs more than it saves.
    private const int Least = 16;

    public static void RmsNorm(ReadOnlySpan<float> source, float[] gain, double epsilon, Span<float> target, int threads)
    {
        int width = gain.Length, rows = source.Length / width;
        fixed (float* ps = source, pt = target)
        {
            nint s = (nint)ps, t = (nint)pt;
            Team.RunRanges(threads, rows, Least, (start, end) =>
                Norms.Rms(Of(s, start, end, width), gain, epsilon, Of(t, start, end, width)));
        }
    }

    public static void LayerNorm(Span<float> values, float[] gain, float[] bias, double epsilon, int threads)
    {
        int width = gain.Length, rows = values.Length / width;
        fixed (float* pv = values)
        {
            nint v = (nint)pv;
            Team.RunRanges(threads, rows, Least, (start, end) => Norms.Layer(Of(v, start, end, width), gain, bias, epsilon, Of(v, start, end, width)));
        }
    }

    /// <summary>target += source.</summary>
    public static void Add(ReadOnlySpan<float> source, Span<float> target) => TensorPrimitives.Add(source, target, target);

    private static Span<float> Of(nint address, int start, int end, int width) => new((float*)address + ((nint)start * width), (end - start) * width);
}
