using System.Runtime.Intrinsics;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Kernels.Packed;

/// <summary>
/// 32 activations in 64 bytes: signed levels, then what products need of them. scale = m / 127, m the largest magnitude; level = x · (127 / m) rounded to
/// nearest, ties to even; all zero where 127 / m overflows. An infinity or NaN makes the scale NaN, so that products show it.
/// Weights are the unsigned side of products of bytes: Σ (w - zero) · a = Σ w · a - zero · Σ a, whose last term the products start from.
/// </summary>
internal static unsafe class ActivationBlock
{
    public const int Bytes = 64;

    /// <summary>float32: the scale, and the scale times the sum of levels (for minima).</summary>
    public const int ScaleAt = 32, ScaledSumAt = 36;

    /// <summary>int32: the sum of levels times -8, -16, -128; of levels 0 to 15 and 16 to 31 times -32; zero.</summary>
    public const int Start8At = 40, Start16At = 44, Start128At = 48, Start32At = 52, Start0At = 60;

    private const float Top = 127;

    /// <summary>Where the start of products with weights of this format is; the second half's is four bytes on where a block has two scales.</summary>
    public static int StartAt(PackedFormat format) => format.Zero switch
    {
        0 => Start0At,
        8 => Start8At,
        16 => Start16At,
        32 => Start32At,
        _ => Start128At,
    };

    /// <param name="signed">Weights of eight bits are taken less 128.</param>
    public static int StartAt(PackedFormat format, bool signed) => signed && format.LowBits == 8 ? Start0At : StartAt(format);

    /// <summary>As many lanes as this processor has; all give the same bits.</summary>
    public static void Set(float* x, byte* block)
    {
        if (Lanes512.IsSupported) Set<Lanes512>(x, block);
        else if (Lanes256.IsSupported) Set<Lanes256>(x, block);
        else if (Lanes128.IsSupported) Set<Lanes128>(x, block);
        else Scalar(x, block);
    }

    /// <summary>The specification.</summary>
    public static void Scalar(float* x, byte* block)
    {
        uint bits = 0;
        for (int i = 0; i < PackedFormat.BlockColumns; i++) bits = Math.Max(bits, BitConverter.SingleToUInt32Bits(x[i]) & 0x7FFF_FFFF);
        (float scale, float inverse) = Scale(bits);
        (int low, int high) = (0, 0);
        for (int i = 0; i < PackedFormat.BlockColumns; i++)
        {
            int level = inverse == 0 ? 0 : (int)MathF.Round(x[i] * inverse);
            ((sbyte*)block)[i] = (sbyte)level;
            if (i < PackedFormat.BlockColumns / 2) low += level;
            else high += level;
        }
        SetRest(block, scale, low, high);
    }

    public static void Set<TLanes>(float* x, byte* block)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes largest = TLanes.Abs(TLanes.Load(ref *x));
        for (int i = TLanes.Count; i < PackedFormat.BlockColumns; i += TLanes.Count) largest = TLanes.MaxMagnitudeBits(largest, TLanes.Load(ref x[i]));
        (float scale, float inverse) = Scale(TLanes.LargestBits(largest));
        if (inverse == 0)
        {
            new Span<byte>(block, PackedFormat.BlockColumns).Clear();
            SetRest(block, scale, 0, 0);
            return;
        }
        TLanes factor = TLanes.Create(inverse);
        for (int i = 0; i < PackedFormat.BlockColumns; i += TLanes.Count)
            TLanes.StoreTruncated(GroupLanes.Round(TLanes.Multiply(TLanes.Load(ref x[i]), factor)), ref ((sbyte*)block)[i]);
        SetRest(block, scale, Sum((sbyte*)block), Sum((sbyte*)block + (PackedFormat.BlockColumns / 2)));
    }

    /// <summary>The scale and the factor to levels of a block whose largest magnitude has these bits; the factor 0 makes all levels 0.</summary>
    private static (float Scale, float Inverse) Scale(uint bits)
    {
        float largest = BitConverter.UInt32BitsToSingle(bits), inverse = Top / largest;
        return !float.IsFinite(largest) ? (float.NaN, 0) : float.IsFinite(inverse) ? (largest / Top, inverse) : (0, 0);
    }

    /// <summary>Of 16 levels, at most 16 · 127.</summary>
    private static int Sum(sbyte* levels)
    {
        (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Load(levels));
        return Vector128.Sum(low + high);
    }

    /// <param name="low">Sum of levels 0 to 15.</param>
    /// <param name="high">Sum of levels 16 to 31.</param>
    private static void SetRest(byte* block, float scale, int low, int high)
    {
        int sum = low + high;
        *(float*)(block + ScaleAt) = scale;
        *(float*)(block + ScaledSumAt) = scale * sum;
        *(int*)(block + Start8At) = -8 * sum;
        *(int*)(block + Start16At) = -16 * sum;
        *(int*)(block + Start128At) = -128 * sum;
        *(int*)(block + Start32At) = -32 * low;
        *(int*)(block + Start32At + sizeof(int)) = -32 * high;
        *(int*)(block + Start0At) = 0;
    }
}
