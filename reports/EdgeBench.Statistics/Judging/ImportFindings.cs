using System.Globalization;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;

namespace EdgeBench.Statistics.Judging;

/// <summary>Figures that a program measured by itself: what it calls them, and what it keeps to itself.</summary>
internal static class ImportFindings
{
    public static void Add(StoredCell cell, Findings findings)
    {
        foreach (IReadOnlyDictionary<string, string> facts in cell.Trials.Where(trial => trial.Outcome.Failure is null).Select(trial => trial.Outcome.Facts))
        {
            if (facts.GetValueOrDefault(ImportedFigures.Tool) is not { } tool) continue;
            string samples = facts.GetValueOrDefault(ImportedFigures.Samples, "it tells nothing of its samples");
            if (samples != ImportedFigures.Raw) findings.Semivalid($"no raw samples from {tool}: {samples}");
            if (!facts.ContainsKey(ImportedFigures.Repetitions)) findings.Invalid($"{tool} does not tell how many repetitions stand behind its figures");
            if (!facts.ContainsKey(ImportedFigures.Seconds)) findings.Semivalid($"{tool} does not tell how long it sampled");
            foreach ((string name, string definition) in facts.Where(fact => fact.Key.StartsWith(ImportedFigures.Definition, StringComparison.Ordinal)).OrderBy(fact => fact.Key, StringComparer.Ordinal))
                findings.Note($"{name[ImportedFigures.Definition.Length..]} by {tool}: {definition}");
        }
    }

    /// <summary>What the program says it sampled; null for a trial that measured by itself. A time that is not told is held against nothing here.</summary>
    public static SamplingSpan? Span(TrialOutcome outcome)
    {
        if (!outcome.Facts.ContainsKey(ImportedFigures.Tool)) return null;
        _ = int.TryParse(outcome.Facts.GetValueOrDefault(ImportedFigures.Repetitions), NumberStyles.None, CultureInfo.InvariantCulture, out int repetitions);
        bool told = double.TryParse(outcome.Facts.GetValueOrDefault(ImportedFigures.Seconds), NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds);
        return new SamplingSpan(repetitions, told ? seconds : double.PositiveInfinity);
    }
}
