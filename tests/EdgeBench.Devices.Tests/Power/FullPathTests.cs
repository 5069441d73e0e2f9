using System.Globalization;
using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Power;
using EdgeBench.Devices.Power.Recording;

namespace EdgeBench.Devices.Tests.Power;

/// <summary>The waveform of known energy in real time, through what a trial's meters go through: sessions, recorders, integration, figures.</summary>
public class FullPathTests
{
    private const string Class = "sys/class/powercap";

    private const double RangeJoules = 262_143.328850;

    // What is left of the range when the waveform begins: both counters wrap on the way.
    private const double LeftJoules = 9;

    [Fact]
    public async Task A_plug_and_two_wrapping_counters_measure_known_energy_in_real_time()
    {
        double started = MeterClock.Now;
        using PlugServer plug = new(path => path.StartsWith("/rpc", StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $$"""{"id":0,"apower":{{Waveform.Watts(MeterClock.Now - started):R}}}""")
            : null);
        using SystemTree tree = new();
        // Waits for the last step, which would write into a folder that is being deleted.
        await using Timer counters = Counters(tree, started);
        await using MeterBank bank = await MeterBank.StartAsync(
            [
                new MeterSpec("shelly", JsonDocument.Parse($$"""{"address": "{{plug.Address}}", "rate": 50, "max_gap_share": 0.5}""").RootElement),
                new MeterSpec("rapl", JsonDocument.Parse("""{"rate": 50, "max_gap_share": 0.5}""").RootElement),
            ],
            tree.Root, TestContext.Current.CancellationToken);
        Assert.Empty(bank.Refusals);
        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
        IReadOnlyList<MeterRecording> recordings = await bank.StopAsync();

        double from = recordings.Max(recording => recording.Readings[0].At) - started + 0.1, to = from + 5.5;
        TrialOutcome outcome = TrialEnergy.Add(
            new TrialOutcome { TrialId = "trial", StartedAt = DateTimeOffset.UnixEpoch, Series = [new("repetition_time", [(to - from) * 1e3], [to], [0])] },
            recordings, new TrialPhases(started, null, null));
        double joules = Waveform.Joules(to) - Waveform.Joules(from);
        foreach (EnergyBoundary boundary in new[] { EnergyBoundary.Wall, EnergyBoundary.Rail })
        {
            Series figure = Assert.Single(outcome.Series, series => series.Metric == EnergyMetrics.Of(boundary).PerInference.Name);
            // Within 1 % on an idle machine; other tests beside this one make readings late. WindowIntegratorTests hold the 1 % on a clock of their own.
            Assert.InRange(figure.Values[0] / joules, 0.95, 1.05);
        }
    }

    // Two packages with 40 and 60 % of the energy, each wrapping; a counter's step comes some milliseconds late, as the processor's own do.
    private static Timer Counters(SystemTree tree, double started)
    {
        (string Folder, double Share)[] packages = [("intel-rapl:0", 0.4), ("intel-rapl:1", 0.6)];
        for (int i = 0; i < packages.Length; i++)
        {
            tree.With($"{Class}/{packages[i].Folder}/name", $"package-{i}\n")
                .With($"{Class}/{packages[i].Folder}/max_energy_range_uj", $"{RangeJoules * 1e6:0}\n");
        }
        Lock gate = new();
        void Step(object? state)
        {
            lock (gate)
            {
                foreach ((string folder, double share) in packages)
                    tree.Change($"{Class}/{folder}/energy_uj", $"{(RangeJoules - LeftJoules + (Waveform.Joules(MeterClock.Now - started) * share)) % RangeJoules * 1e6:0}\n");
            }
        }

        Step(null);
        return new Timer(Step, null, 0, 2);
    }
}
