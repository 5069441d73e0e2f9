using EdgeBench.Core.Wire;

namespace EdgeBench.Cli.Output;

/// <summary>Peaks as lines for people.</summary>
internal static class PeakTable
{
    public static void Write(PeakReport peaks, TextWriter writer)
    {
        if (peaks.Figures.Count > 0) writer.WriteLine("peaks: best of all passes (median)");
        foreach (PeakFigure figure in peaks.Figures) writer.WriteLine($"  {Line(figure)}");
        foreach (string missing in peaks.Missing) writer.WriteLine(missing);
    }

    /// <summary>Such as <c>read      vector512    1 thread     33.8 GB/s  (32.5)   9 passes of 256 MiB</c>.</summary>
    private static string Line(PeakFigure figure)
    {
        string threads = figure.Threads == 1 ? "1 thread" : $"{figure.Threads} threads";
        string passes = figure.Bytes > 0 ? $"{figure.Passes} passes of {figure.Bytes >> 20} MiB" : $"{figure.Passes} passes";
        return $"{figure.Kind,-5} {figure.Instructions,-12} {threads,-10} {figure.Best,8:0.0} {figure.Unit,-5} {$"({figure.Median:0.0})",9}  {passes}";
    }
}
