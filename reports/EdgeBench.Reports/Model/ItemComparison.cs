using EdgeBench.Statistics;

namespace EdgeBench.Reports.Model;

/// <summary>An artifact against the uncompressed one on the same items, same backend and device.</summary>
/// <param name="Figures">First is the reference, second the artifact.</param>
public sealed record ItemComparison(ReportCell Cell, ReportCell Reference, PairedItems Figures)
{
    public static IReadOnlyList<string> Heads { get; } =
        ["recipe", "backend", "threads", "metric", "items", "reference", "artifact", "difference, 95 %", "only reference right", "only artifact right", "McNemar mid-p", "exact p", "validity"];

    /// <summary>Which of <see cref="Heads"/> are numbers.</summary>
    public static IReadOnlyList<bool> Numeric { get; } = [false, false, true, false, true, true, true, true, true, true, true, true, false];

    public string[] Fields =>
    [
        Cell.Stored.Recipe, Cell.Stored.Backend, $"{Cell.Stored.Threads}", Figures.Metric.Label, $"{Figures.Items}",
        MetricText.Number(Figures.Metric, Figures.First), MetricText.Number(Figures.Metric, Figures.Second), Difference,
        $"{Figures.Test?.Lost}", $"{Figures.Test?.Won}", Probability(Figures.Test?.MidP), Probability(Figures.Test?.Exact), Validity,
    ];

    /// <summary>The worse of the two cells' verdicts.</summary>
    private string Validity => $"{(Cell.Verdict.Validity > Reference.Verdict.Validity ? Cell : Reference).Verdict.Validity}".ToLowerInvariant();

    private string Difference => Figures.Interval is { } interval ? $"{Signed(Figures.Difference)} [{Signed(interval.Low)}, {Signed(interval.High)}]"
        : Figures.Difference == 0 ? "0, no item differs" : Signed(Figures.Difference);

    private static string Signed(double value) => value.ToString("+0.0000;-0.0000;0.0000");

    private static string Probability(double? p) => p switch
    {
        null => "",
        < 0.0001 => "< 0.0001",
        _ => p.Value.ToString("0.0000"),
    };
}
