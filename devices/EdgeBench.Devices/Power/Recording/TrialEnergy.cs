using System.Globalization;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Power.Integration;

namespace EdgeBench.Devices.Power.Recording;

/// <summary>Adds to a successful trial's outcome what its meters read, and the figures that follow.</summary>
public static class TrialEnergy
{
    public static TrialOutcome Add(TrialOutcome outcome, IEnumerable<MeterRecording> recordings, TrialPhases phases)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(recordings);
        List<Series> series = [.. outcome.Series];
        Dictionary<string, string> facts = new(outcome.Facts);
        List<string> warnings = [.. outcome.Warnings];
        foreach (MeterRecording recording in recordings)
        {
            EnergyMetrics metrics = EnergyMetrics.Of(recording.Description.Boundary);
            series.AddRange(Raw(recording, metrics, phases.Started));
            facts[EnergyFacts.Meter(metrics.Boundary)] = $"{recording.Meter}: {recording.Description.Source}";
            if (recording.Ended is { } ended) warnings.Add($"meter {recording.Meter} ended early: {ended}");
            Integrate(outcome, recording, phases, metrics, series, facts, warnings);
        }
        return outcome with { Series = series, Facts = facts, Warnings = warnings };
    }

    private static void Integrate(
        TrialOutcome outcome, MeterRecording recording, TrialPhases phases, EnergyMetrics metrics, List<Series> series, Dictionary<string, string> facts, List<string> warnings)
    {
        MeterDescription meter = recording.Description;
        if (phases.Repetitions(outcome.Series) is not var (timed, repetitions, tokens))
        {
            facts[EnergyFacts.Missing(metrics.Boundary)] = outcome.Facts.GetValueOrDefault(EnergyFacts.Untimed, "this workload does not tell when its repetitions ran");
            return;
        }
        WindowEnergy window = WindowIntegrator.Integrate(meter.Kind, meter.Resolution, recording.Readings, timed, recording.MaxGapShare);
        warnings.AddRange(window.Findings.Select(finding => $"meter {recording.Meter}: {finding.Text}"));
        facts[EnergyFacts.Seconds(metrics.Boundary)] = Text(window.Seconds, "0.###");
        if (window.Figure is not { } figure)
        {
            facts[EnergyFacts.Missing(metrics.Boundary)] = window.Missing!;
            return;
        }
        // Nothing at all drawn through a whole window is a broken meter, not a frugal device.
        if (figure.Joules <= 0)
        {
            facts[EnergyFacts.Missing(metrics.Boundary)] = "every reading was zero";
            return;
        }
        facts[EnergyFacts.Uncertainty(metrics.Boundary)] = Text(figure.Uncertainty / figure.Joules, "0.#####");
        double end = timed[^1].To - phases.Started;
        void Tell(Metric metric, double value) => series.Add(Series.Single(metric.Name, value, end));

        if (tokens is { } count) Tell(metrics.PerToken, figure.Joules / count);
        Tell(metrics.PerInference, figure.Joules / repetitions);
        Tell(metrics.MeanPower, figure.Joules / window.Seconds);
        Tell(metrics.PeakPower, figure.PeakWatts);

        IdlePower idle = IdlePower.Of(meter.Kind, meter.Resolution, recording.Readings, phases.Before, phases.After, recording.MaxGapShare);
        facts[EnergyFacts.Idle(metrics.Boundary)] = $"{Watts(idle.Before)} before, {Watts(idle.After)} after";
        warnings.AddRange(idle.Findings.Select(finding => $"meter {recording.Meter}: {finding.Text}"));
        if (idle.Watts is not { } watts) return;
        double net = figure.Joules - (watts * window.Seconds);
        if (net <= 0)
        {
            warnings.Add($"meter {recording.Meter}: no more energy than idling, so no net figures");
            return;
        }
        if (tokens is { } some) Tell(metrics.NetPerToken, net / some);
        Tell(metrics.NetPerInference, net / repetitions);
    }

    private static IEnumerable<Series> Raw(MeterRecording recording, EnergyMetrics metrics, double started)
    {
        MeterReading[] usable = [.. recording.Readings.Where(reading => reading.IsUsable)];
        if (recording.Description.Kind == MeterKind.Power)
        {
            yield return Of(metrics.Power, usable, started);
            yield break;
        }
        yield return Of(metrics.Counter, usable, started);
        List<MeterReading> means = [];
        for (int i = 1; i < usable.Length; i++)
        {
            double seconds = usable[i].At - usable[i - 1].At;
            if (seconds > 0 && usable[i].Flaw == ReadingFlaw.None) means.Add(new MeterReading(usable[i].At, (usable[i].Value - usable[i - 1].Value) / seconds));
        }
        if (means.Count > 0) yield return Of(metrics.Power, means, started);
    }

    private static Series Of(Metric metric, IReadOnlyCollection<MeterReading> readings, double started) =>
        new(metric.Name, [.. readings.Select(reading => reading.Value)], [.. readings.Select(reading => reading.At - started)], new int[readings.Count]);

    private static string Watts(double? watts) => watts is { } value ? $"{Text(value, "0.00#")} W" : "not read";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
