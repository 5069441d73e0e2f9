using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeBench.Kernels.Dense;

/// <summary>Copies <c>width</c> rows of an operand into a panel, inner index first: target[p · width + i]. Rows past the operand's end are zeros.</summary>
internal static unsafe class Panel
{
    // Inner indices handled together: a line of cache of each row.
    private const int Lines = 16;

    /// <param name="rows">Rows that exist, from <paramref name="first"/> on; at most <paramref name="width"/>.</param>
    // Optimised from the first call on, as everything here: packing by unoptimised code takes longer than the products.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(Operand operand, int first, int rows, int width, int start, int k, float* target)
    {
        if (rows < width) new Span<float>(target, width * k).Clear();
        if (operand.IsHalf)
        {
            HalfPanel.Pack(operand, first, rows, width, start, k, target);
            return;
        }
        if (operand.InnerMajor)
        {
            float* row = operand.Data + ((nint)start * operand.Stride) + first;
            for (int p = 0; p < k; p++, row += operand.Stride, target += width) Copy(row, target, rows);
            return;
        }
        Transpose(operand.Data + ((nint)first * operand.Stride) + start, operand.Stride, rows, k, target, width);
    }

    /// <summary>target[p · width + i] = source[i · stride + p] of <paramref name="rows"/> rows and <paramref name="k"/> inner indices.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint stride, int rows, int k, float* target, int width)
    {
        for (int p = 0; p < k; p += Lines)
        {
            int count = Math.Min(Lines, k - p), i = 0;
            if (Avx512F.IsSupported && count == Lines)
            {
                for (int block; i + 12 <= rows; i += block)
                {
                    block = i + 16 <= rows ? 16 : 12;
                    Transposition.Sixteen(source + (i * stride) + p, stride, block, target + ((nint)p * width) + i, width);
                }
            }
            if (Avx.IsSupported && count == Lines)
            {
                for (; i + 8 <= rows; i += 8)
                {
                    Transposition.EightByEight(source + (i * stride) + p, stride, target + ((nint)p * width) + i, width);
                    Transposition.EightByEight(source + (i * stride) + p + 8, stride, target + ((nint)(p + 8) * width) + i, width);
                }
            }
            for (; i + 4 <= rows; i += 4) Transpose(source + (i * stride) + p, stride, count, target + ((nint)p * width) + i, width);
            for (; i < rows; i++)
            {
                for (int q = 0; q < count; q++) target[((nint)(p + q) * width) + i] = source[(i * stride) + p + q];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* source, float* target, int count)
    {
        int i = 0;
        for (; i + 8 <= count; i += 8) Vector256.Load(source + i).Store(target + i);
        for (; i + 4 <= count; i += 4) Vector128.Load(source + i).Store(target + i);
        for (; i < count; i++) target[i] = source[i];
    }

    /// <summary>Four rows of <paramref name="count"/> elements to as many columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* source, nint stride, int count, float* target, nint width)
    {
        int q = 0;
        if (Sse.IsSupported || AdvSimd.Arm64.IsSupported)
        {
            for (; q + 4 <= count; q += 4, target += 4 * width)
            {
                float* s = source + q;
                Vector128<float> a = Vector128.Load(s), b = Vector128.Load(s + stride), c = Vector128.Load(s + (2 * stride)), d = Vector128.Load(s + (3 * stride));
                Vector128<float> acLow = Low(a, c), acHigh = High(a, c), bdLow = Low(b, d), bdHigh = High(b, d);
                Low(acLow, bdLow).Store(target);
                High(acLow, bdLow).Store(target + width);
                Low(acHigh, bdHigh).Store(target + (2 * width));
                High(acHigh, bdHigh).Store(target + (3 * width));
            }
        }
        for (; q < count; q++, target += width)
        {
            for (int i = 0; i < 4; i++) target[i] = source[(i * stride) + q];
        }
    }

    // (a0 a1 a2 a3), (b0 b1 b2 b3) to (a0 b0 a1 b1) and (a2 b2 a3 b3).
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
