using System.Runtime.InteropServices;

namespace EdgeBench.Models.Onnx.Export;

/// <summary>What the minima of a weight are.</summary>
/// <param name="AreWhole">Whether each is a whole multiple of its scale, within the range of a level, up to float16's rounding.</param>
/// <param name="Deviation">Largest change of a weight where they are stored so; 0 where they are not.</param>
internal readonly record struct Minima(bool AreWhole, double Deviation);

/// <summary>Levels, scales and minima of a weight as ONNX Runtime stores them, group after group, row after row.</summary>
internal static class BlockStream
{
    private delegate void Decoded(Span<byte> levels, ReadOnlySpan<float> scales, ReadOnlySpan<float> minima, int rows);

    /// <summary>Packed: with 4 bits, the even element is in the low half of a byte.</summary>
    public static void Levels(WeightRows rows, BlockForm form, Stream stream) => ForEach(rows, form, (levels, _, _, _) =>
    {
        for (int i = 0; form.Shift > 0 && i < levels.Length; i++) levels[i] = (byte)(levels[i] + form.Shift);
        stream.Write(form.Bits == 8 ? levels : Packed(levels, levels.Length));
    });

    public static void Scales(WeightRows rows, BlockForm form, Stream stream) =>
        ForEach(rows, form, (_, scales, _, _) => stream.Write(MemoryMarshal.AsBytes(scales)));

    /// <summary>What remains of a minimum when levels count from the middle: minimum + centre · scale, rounded once to float32.</summary>
    public static void Offsets(WeightRows rows, BlockForm form, Stream stream) => ForEach(rows, form, (_, scales, minima, _) =>
    {
        float[] offsets = new float[scales.Length];
        for (int i = 0; i < offsets.Length; i++) offsets[i] = (float)(minima[i] + ((double)(form.ZeroPoint - form.Shift) * scales[i]));
        stream.Write(MemoryMarshal.AsBytes(offsets.AsSpan()));
    });

    /// <summary>Packed like levels, each row in whole bytes.</summary>
    public static void ZeroPoints(WeightRows rows, BlockForm form, Stream stream) => ForEach(rows, form, (_, scales, minima, count) =>
    {
        byte[] points = new byte[scales.Length];
        for (int i = 0; i < points.Length; i++) points[i] = (byte)(Point(scales[i], minima[i], form) + form.Shift);
        if (form.Bits == 8)
        {
            stream.Write(points);
            return;
        }
        int groups = points.Length / count;
        for (int row = 0; row < count; row++) stream.Write(Packed(points.AsSpan(row * groups, groups), groups));
    });

    public static Minima Inspect(WeightRows rows, BlockForm form)
    {
        bool whole = true;
        double deviation = 0;
        ForEach(rows, form, (_, scales, minima, _) =>
        {
            for (int i = 0; whole && i < scales.Length; i++)
            {
                int point = Point(scales[i], minima[i], form);
                double stored = -(double)point * scales[i];
                whole = point >= 0 && point + form.Shift < 1 << form.Bits && (stored == minima[i] || (float)(Half)stored == minima[i]);
                deviation = Math.Max(deviation, Math.Abs(stored - minima[i]));
            }
        });
        return whole ? new(true, deviation) : new(false, 0);
    }

    private static int Point(float scale, float minimum, BlockForm form) =>
        scale == 0 ? 0 : (int)Math.Clamp(Math.Round(-(double)minimum / scale), -1, 1 << form.Bits);

    private static byte[] Packed(ReadOnlySpan<byte> levels, int count)
    {
        byte[] packed = new byte[(count + 1) / 2];
        for (int i = 0; i < count; i++) packed[i / 2] |= (byte)(levels[i] << (i % 2 * 4));
        return packed;
    }

    private static void ForEach(WeightRows rows, BlockForm form, Decoded take)
    {
        byte[] levels = [];
        float[] scales = [], minima = [];
        rows.ForEachChunk((bytes, count) =>
        {
            int elements = checked((int)(count * rows.Columns)), groups = elements / form.Group;
            if (levels.Length < elements) (levels, scales, minima) = (new byte[elements], new float[groups], new float[form.HasMinimum ? groups : 0]);
            Span<float> lows = form.HasMinimum ? minima.AsSpan(0, groups) : [];
            form.Decode(bytes, levels.AsSpan(0, elements), scales.AsSpan(0, groups), lows);
            take(levels.AsSpan(0, elements), scales.AsSpan(0, groups), lows, count);
        });
    }
}
