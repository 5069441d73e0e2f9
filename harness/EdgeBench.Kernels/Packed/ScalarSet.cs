using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Kernels.Packed;

/// <summary>The specification of products with packed weights: <see cref="PackedProduct"/> word for word.</summary>
internal sealed unsafe class ScalarSet : KernelSet
{
    public override string Name => "scalar";

    public override string? Missing => null;

    internal override void Multiply(in PackedTask task)
    {
        PackedFormat format = task.Weights.Layout;
        for (int group = task.FirstGroup; group < task.EndGroup; group++)
        {
            byte* weights = task.Weights.Group(group);
            for (int i = 0; i < task.Count; i++)
            {
                float* y = task.At(i, group);
                for (int lane = 0; lane < task.RowsOf(group); lane++)
                {
                    float sum = task.Accumulate ? y[lane] : 0;
                    y[lane] = format.IsFloat
                        ? Floats(format, weights, task.Activations.Floats(i), task.Weights.Columns, lane, sum)
                        : Blocks(format, weights, task.Activations.Blocks(i), format.Units(task.Weights.Columns), lane, sum);
                }
            }
        }
    }

    private static float Floats(PackedFormat format, byte* weights, float* x, int columns, int lane, float sum)
    {
        for (int p = 0; p < columns; p++)
        {
            int at = (p * PackedFormat.GroupRows) + lane;
            float weight = format.Name switch
            {
                "F32" => ((float*)weights)[at],
                "F16" => HalfConversion.FromHalfBits(((ushort*)weights)[at]),
                _ => HalfConversion.FromBrainBits(((ushort*)weights)[at]),
            };
            sum = MathF.FusedMultiplyAdd(weight, x[p], sum);
        }
        return sum;
    }

    private static float Blocks(PackedFormat format, byte* unit, byte* x, int units, int lane, float sum)
    {
        int half = PackedFormat.BlockColumns / format.Scales;
        for (int u = 0; u < units; u++, unit += format.UnitBytes)
        {
            for (int block = 0; block < format.UnitBlocks; block++, x += ActivationBlock.Bytes)
            {
                for (int part = 0; part < format.Scales; part++)
                {
                    int dot = *(int*)(x + ActivationBlock.StartAt(format) + (part * sizeof(int)));
                    for (int k = part * half; k < (part + 1) * half; k++) dot += Level(format, unit, block, k, lane) * ((sbyte*)x)[k];
                    float scale = Scale(format, unit, format.ScaleAt(block, part), 0, lane);
                    sum = MathF.FusedMultiplyAdd(dot * scale, *(float*)(x + ActivationBlock.ScaleAt), sum);
                }
                if (format.HasMinimum)
                    sum = MathF.FusedMultiplyAdd(-Scale(format, unit, format.MinimumAt(block), 1, lane), *(float*)(x + ActivationBlock.ScaledSumAt), sum);
            }
        }
        return sum;
    }

    private static int Level(PackedFormat format, byte* unit, int block, int k, int lane)
    {
        int quad = k / 4, at = (lane * 4) + (k % 4);
        byte* low = unit + format.LowAt(block), high = unit + format.HighAt(block);
        if (format.LowBits == 8) return low[(quad * PackedFormat.QuadBytes) + at];
        int level = Nibbles.Half(low[(quad % 4 * PackedFormat.QuadBytes) + at], quad / 4);
        return format.HighBits switch
        {
            0 => level,
            1 => level | (((high[at] >> quad) & 1) << 4),
            _ => level | (((high[(quad / 4 * PackedFormat.QuadBytes) + at] >> (quad % 4 * 2)) & 3) << 4),
        };
    }

    /// <param name="start">Where scales (factor 0) or minima (factor 1) start. Q6_K's bytes are signed; the others' end at 63.</param>
    private static float Scale(PackedFormat format, byte* unit, int start, int factor, int lane)
    {
        if (!format.HasByteScales) return HalfConversion.FromHalfBits(((ushort*)(unit + start))[lane]);
        return HalfConversion.FromHalfBits(((ushort*)(unit + PackedFormat.FactorAt(factor)))[lane]) * ((sbyte*)(unit + start))[lane];
    }
}
