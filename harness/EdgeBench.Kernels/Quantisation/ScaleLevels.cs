namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// Whole-number levels for the scales (or minima) of a block of 256, and the one scale d that makes Σ w (d · level - value)² small: nine d around
/// max / top, then single levels are changed as long as that helps. Method and order of operations: llama.cpp, <c>make_qp_quants</c>.
/// </summary>
internal static class ScaleLevels
{
    private const float Least = 1e-15f;
    private const int Reach = 4;
    private const int Rounds = 5;

    /// <param name="values">None negative.</param>
    public static float Choose(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int top, Span<byte> levels)
    {
        float largest = 0;
        foreach (float value in values) largest = Math.Max(largest, value);
        if (!(largest >= Least))
        {
            levels.Clear();
            return 0;
        }
        float inverse = top / largest;
        float best = Error(values, weights, inverse, top);
        for (int step = -Reach; step <= Reach; step++)
        {
            float tried = ((0.1f * step) + top) / largest;
            float error = step == 0 ? best : Error(values, weights, tried, top);
            if (error < best) (best, inverse) = (error, tried);
        }
        (float sumXL, float sumL2) = (0, 0);
        for (int i = 0; i < values.Length; i++)
        {
            levels[i] = (byte)Level(inverse * values[i], top);
            sumXL += weights[i] * values[i] * levels[i];
            sumL2 += weights[i] * levels[i] * levels[i];
        }
        for (int round = 0; round < Rounds && Improve(values, weights, top, levels, ref sumXL, ref sumL2); round++) ;
        return sumL2 > 0 ? sumXL / sumL2 : 0;
    }

    private static bool Improve(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int top, Span<byte> levels, ref float sumXL, ref float sumL2)
    {
        bool changed = false;
        for (int i = 0; i < values.Length; i++)
        {
            float weight = weights[i];
            float restXL = sumXL - (weight * values[i] * levels[i]), restL2 = sumL2 - (weight * levels[i] * levels[i]);
            if (!(restXL > 0 && restL2 > 0)) continue;
            int level = Level(values[i] * restL2 / restXL, top);
            if (level == levels[i]) continue;
            restXL += weight * values[i] * level;
            restL2 += weight * level * level;
            if (!(restXL * restXL * sumL2 > sumXL * sumXL * restL2)) continue;
            (levels[i], sumXL, sumL2, changed) = ((byte)level, restXL, restL2, true);
        }
        return changed;
    }

    private static float Error(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float inverse, int top)
    {
        float scale = 1 / inverse, sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float difference = values[i] - (scale * Level(inverse * values[i], top));
            sum += weights[i] * difference * difference;
        }
        return sum;
    }

    private static int Level(float value, int top) => (int)Math.Clamp(MathF.Round(value), 0, top);
}
