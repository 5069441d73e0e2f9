using System.Globalization;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;

namespace EdgeBench.Statistics.Judging;

/// <summary>Whether the meters' figures hold what they show. They say nothing against a cell's speed, so nothing here makes a cell invalid.</summary>
internal static class EnergyFindings
{
    /// <summary>Seconds below which a window is marked.</summary>
    public const double ShortestWindow = 10;

    /// <summary>Share of the energy that sampling and resolution may leave open.</summary>
    public const double MostUncertainty = 0.05;

    public static void Add(StoredCell cell, Findings findings)
    {
        List<IReadOnlyDictionary<string, string>> trials = [.. cell.Trials.Where(trial => trial.Outcome.Failure is null).Select(trial => trial.Outcome.Facts)];
        foreach (EnergyMetrics metrics in EnergyMetrics.All) Add(metrics.Boundary, trials, findings);
    }

    private static void Add(EnergyBoundary boundary, List<IReadOnlyDictionary<string, string>> trials, Findings findings)
    {
        IReadOnlyDictionary<string, string>[] metered = [.. trials.Where(facts => facts.ContainsKey(EnergyFacts.Meter(boundary)))];
        if (metered.Length == 0) return;
        string energy = $"energy ({boundary.ToString().ToLowerInvariant()})";
        foreach (var reason in metered.Select(facts => facts.GetValueOrDefault(EnergyFacts.Missing(boundary))).OfType<string>().CountBy(reason => reason))
            findings.Semivalid($"{energy} has no figure in {reason.Value} of {trials.Count} trials: {reason.Key}");
        if (trials.Count > metered.Length) findings.Semivalid($"{energy} was metered in {metered.Length} of {trials.Count} trials");
        double shortest = Numbers(metered, EnergyFacts.Seconds(boundary)).DefaultIfEmpty(double.PositiveInfinity).Min();
        if (shortest < ShortestWindow) findings.Semivalid($"{energy} comes from windows of {shortest:0.0#} s and more, marked below {ShortestWindow:0} s: raise min_duration");
        double worst = Numbers(metered, EnergyFacts.Uncertainty(boundary)).DefaultIfEmpty(0).Max();
        if (worst > MostUncertainty) findings.Semivalid($"{energy} is uncertain by up to {worst:0%} (limit {MostUncertainty:0%}) by sampling and resolution");
    }

    private static IEnumerable<double> Numbers(IEnumerable<IReadOnlyDictionary<string, string>> facts, string name)
    {
        foreach (IReadOnlyDictionary<string, string> trial in facts)
        {
            if (double.TryParse(trial.GetValueOrDefault(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)) yield return value;
        }
    }
}
