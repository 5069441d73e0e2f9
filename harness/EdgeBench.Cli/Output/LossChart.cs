namespace EdgeBench.Cli.Output;

/// <summary>A curve in letters: braille dots, two by four in each, over a logarithmic scale.</summary>
internal static class LossChart
{
    // Dots of a braille letter by column and row. Source: Unicode 15, block "Braille Patterns".
    private static readonly int[,] s_dots = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    /// <summary>Lines of letters with the scale at their left; empty where there are fewer than two values.</summary>
    /// <param name="values">Positive; spread over the whole width.</param>
    public static IReadOnlyList<string> Lines(IReadOnlyList<double> values, int width, int height)
    {
        double[] logs = [.. values.Where(value => value > 0 && double.IsFinite(value)).Select(value => Math.Log(value))];
        if (logs.Length < 2) return [];
        double low = logs.Min(), high = logs.Max(), range = Math.Max(high - low, 1e-3);
        int[,] letters = new int[height, width];
        for (int column = 0; column < 2 * width; column++)
        {
            double at = (double)column / ((2 * width) - 1) * (logs.Length - 1);
            int before = Math.Min((int)at, logs.Length - 2);
            double value = logs[before] + ((at - before) * (logs[before + 1] - logs[before]));
            int row = (int)Math.Round((high - value) / range * ((4 * height) - 1));
            letters[row / 4, column / 2] |= s_dots[column % 2, row % 4];
        }
        return [.. Enumerable.Range(0, height).Select(line =>
        {
            string scale = line == 0 ? Math.Exp(high).ToString("0.000") : line == height - 1 ? Math.Exp(low).ToString("0.000") : "";
            return $"{scale,8} │{string.Concat(Enumerable.Range(0, width).Select(column => (char)(0x2800 + letters[line, column])))}";
        })];
    }
}
