using EdgeBench.Kernels.Quantisation;
using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Transformer;

/// <summary>Reads and writes blocks of keys and values as <see cref="KvLayout"/> lays them out.</summary>
internal static unsafe class KvBlocks<T>
    where T : unmanaged, IFloats<T>
{
    private const int Positions = KvLayout.Positions, Group = KvLayout.Group;

    // 65,520 and more round to infinity in float16.
    private const float HalfEnd = 65520f;

    /// <summary>Writes one position's key; false where an element is not finite or too large for the format, which leaves that block undefined.</summary>
    public static bool StoreKey(in KvLayout layout, byte* block, int slot, float* key)
    {
        int width = layout.HeadDim;
        float largest = Largest(key, width);
        switch (layout.Keys)
        {
            case KvFormat.F32:
                for (int i = 0; i < width; i++) ((float*)block)[(i * Positions) + slot] = key[i];
                return float.IsFinite(largest);
            case KvFormat.F16:
                ushort* halves = stackalloc ushort[Group];
                for (int start = 0; start < width; start += Group)
                {
                    int count = Math.Min(Group, width - start);
                    Halves(key + start, halves, count);
                    for (int i = 0; i < count; i++) ((ushort*)block)[((start + i) * Positions) + slot] = halves[i];
                }
                return largest < HalfEnd;
            default:
                sbyte* levels = stackalloc sbyte[Group];
                ushort* scales = (ushort*)(block + (width * Positions));
                for (int start = 0; start < width; start += Group)
                {
                    scales[(start / Group * Positions) + slot] = Levels(key + start, levels);
                    for (int i = 0; i < Group; i++) ((sbyte*)block)[((start + i) * Positions) + slot] = levels[i];
                }
                return largest < 127 * HalfEnd;
        }
    }

    /// <summary>Writes one position's value; as <see cref="StoreKey"/>.</summary>
    public static bool StoreValue(in KvLayout layout, byte* block, int slot, float* value)
    {
        int width = layout.HeadDim, padded = layout.ValueWidth;
        float largest = Largest(value, width);
        switch (layout.Values)
        {
            case KvFormat.F32:
                Buffer.MemoryCopy(value, (float*)block + (slot * padded), 4L * width, 4L * width);
                return float.IsFinite(largest);
            case KvFormat.F16:
                Halves(value, (ushort*)block + (slot * padded), width);
                return largest < HalfEnd;
            default:
                ushort* scales = (ushort*)(block + (padded * Positions)) + (slot * (padded / Group));
                for (int start = 0; start < width; start += Group) scales[start / Group] = Levels(value + start, (sbyte*)block + (slot * padded) + start);
                return largest < 127 * HalfEnd;
        }
    }

    /// <summary>target[element][position] of a block of keys.</summary>
    public static void ExpandKeys(in KvLayout layout, byte* block, float* target)
    {
        if (layout.Keys != KvFormat.Q8_0)
        {
            Expand(layout.Keys, block, target, layout.ExpandedKeys);
            return;
        }
        ushort* scales = (ushort*)(block + (layout.HeadDim * Positions));
        for (int start = 0; start < layout.HeadDim; start += Group, scales += Positions)
        {
            for (int position = 0; position < Positions; position += T.Count)
            {
                T scale = T.LoadHalf(scales + position);
                for (int i = start; i < start + Group; i++)
                    T.Store(T.Multiply(T.LoadBytes((sbyte*)block + (i * Positions) + position), scale), target + (i * Positions) + position);
            }
        }
    }

    /// <summary>target[position][element] of a block of values.</summary>
    public static void ExpandValues(in KvLayout layout, byte* block, float* target)
    {
        if (layout.Values != KvFormat.Q8_0)
        {
            Expand(layout.Values, block, target, layout.ExpandedValues);
            return;
        }
        int padded = layout.ValueWidth;
        ushort* scales = (ushort*)(block + (padded * Positions));
        for (int start = 0; start < Positions * padded; start += Group)
        {
            T scale = T.Create(HalfConversion.FromHalfBits(scales[start / Group]));
            for (int i = start; i < start + Group; i += T.Count) T.Store(T.Multiply(T.LoadBytes((sbyte*)block + i), scale), target + i);
        }
    }

    private static void Expand(KvFormat format, byte* block, float* target, int count)
    {
        if (format == KvFormat.F32) Buffer.MemoryCopy(block, target, 4L * count, 4L * count);
        else for (int i = 0; i < count; i += T.Count) T.Store(T.LoadHalf((ushort*)block + i), target + i);
    }

    // The largest magnitude, or NaN where an element is not finite.
    private static float Largest(float* values, int count)
    {
        T zero = T.Create(0), largest = zero, broken = zero;
        int i = 0;
        for (; i <= count - T.Count; i += T.Count)
        {
            T value = T.Load(values + i);
            largest = T.Max(largest, T.Max(value, T.Subtract(zero, value)));
            broken = T.MultiplyAdd(value, zero, broken);
        }
        float* lanes = stackalloc float[T.Count];
        T.Store(largest, lanes);
        float most = 0, sum = T.Sum(broken);
        for (int lane = 0; lane < T.Count; lane++) most = Math.Max(most, lanes[lane]);
        for (; i < count; i++)
        {
            most = Math.Max(most, Math.Abs(values[i]));
            sum += values[i] * 0;
        }
        return most + sum;
    }

    private static void Halves(float* source, ushort* target, int count)
    {
        int i = 0;
        for (; i <= count - T.Count; i += T.Count) T.StoreHalf(T.Load(source + i), target + i);
        for (; i < count; i++) Floats1.StoreHalf(Floats1.Load(source + i), target + i);
    }

    // ggml, quantize_row_q8_0_ref: scale = largest magnitude / 127 in float16, levels by the unrounded scale, halves away from zero.
    private static ushort Levels(float* source, sbyte* levels)
    {
        float largest = Largest(source, Group), scale = largest / 127, inverse = scale > 0 ? 1 / scale : 0;
        for (int i = 0; i < Group; i++) levels[i] = (sbyte)MathF.Round(source[i] * inverse, MidpointRounding.AwayFromZero);
        return HalfConversion.ToHalfBits(scale);
    }
}
