using EdgeBench.Devices.Power;
using EdgeBench.Devices.Power.Integration;

namespace EdgeBench.Devices.Tests.Power;

public class WindowIntegratorTests
{
    private const double MaxGaps = 0.05;

    private static readonly TimeStretch s_window = new(0.25, 40.2);

    private static double Truth(TimeStretch window) => Waveform.Joules(window.To) - Waveform.Joules(window.From);

    private static WindowEnergy Integrate(MeterKind kind, IReadOnlyList<MeterReading> readings, params TimeStretch[] stretches) =>
        WindowIntegrator.Integrate(kind, null, readings, stretches, MaxGaps);

    [Theory]
    [InlineData(MeterKind.Power)]
    [InlineData(MeterKind.Energy)]
    public void A_waveform_with_jitter_is_integrated_within_one_percent_and_its_own_uncertainty(MeterKind kind)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            WindowEnergy energy = Integrate(kind, Waveform.Sample(kind, 45, new Random(seed)), s_window);
            Assert.InRange(energy.Figure!.Joules / Truth(s_window), 0.99, 1.01);
            Assert.InRange(Math.Abs(energy.Figure.Joules - Truth(s_window)), 0, (3 * energy.Figure.Uncertainty) + 1e-9);
            Assert.InRange(energy.Figure.Uncertainty / energy.Figure.Joules, 0, 0.05);
            Assert.Empty(energy.Findings);
        }
    }

    [Fact]
    public void The_peak_is_the_largest_reading_in_the_window()
    {
        List<MeterReading> readings = [.. Enumerable.Range(0, 400).Select(i => new MeterReading(i / 10.0, i == 150 ? 42 : 3))];
        Assert.Equal(42, Integrate(MeterKind.Power, readings, new TimeStretch(10, 20)).Figure!.PeakWatts);
        Assert.Equal(3, Integrate(MeterKind.Power, readings, new TimeStretch(20, 30)).Figure!.PeakWatts);
    }

    [Fact]
    public void Scattered_dropouts_are_bridged_within_one_percent_and_counted()
    {
        Random random = new(5);
        List<MeterReading> readings = [.. Waveform.Sample(MeterKind.Power, 45, random).Select(reading => random.Next(10) switch
        {
            0 => reading with { Value = 0, Flaw = ReadingFlaw.Unreadable },
            1 => reading with { Value = double.NaN, Flaw = ReadingFlaw.NotANumber },
            2 => reading with { Value = -1e6, Flaw = ReadingFlaw.Negative },
            _ => reading,
        })];
        WindowEnergy energy = WindowIntegrator.Integrate(MeterKind.Power, null, readings, [s_window], 0.1);
        Assert.InRange(energy.Figure!.Joules / Truth(s_window), 0.99, 1.01);
        foreach (MeterFindingKind kind in new[] { MeterFindingKind.Unreadable, MeterFindingKind.NotANumber, MeterFindingKind.Negative })
            Assert.Single(energy.Findings, finding => finding.Kind == kind);
    }

    [Theory]
    [InlineData(MeterKind.Power)]
    [InlineData(MeterKind.Energy)]
    public void A_gap_beyond_the_share_leaves_no_figure_but_the_reason(MeterKind kind)
    {
        List<MeterReading> readings = [.. Waveform.Sample(kind, 45, new Random(1)).Where(reading => reading.At is < 12 or > 15.2)];
        WindowEnergy energy = Integrate(kind, readings, s_window);
        Assert.Null(energy.Figure);
        Assert.Matches(@"^3\.\d+ s of 39\.9\d? s lie in gaps between readings \(8%, limit 5%\)$", energy.Missing);
        Assert.Contains(energy.Findings, finding => finding.Kind == MeterFindingKind.Gap
            && finding.Text.StartsWith("gap of 3.", StringComparison.Ordinal) && finding.Text.Contains("s at 11.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_small_gap_is_named_and_its_uncertainty_holds_what_may_have_happened_in_it()
    {
        List<MeterReading> readings = Waveform.Sample(MeterKind.Power, 45, new Random(1));
        WindowEnergy whole = Integrate(MeterKind.Power, readings, s_window);
        WindowEnergy energy = Integrate(MeterKind.Power, [.. readings.Where(reading => reading.At is < 12 or > 13.5)], s_window);
        Assert.Contains(energy.Findings, finding => finding.Kind == MeterFindingKind.Gap);
        Assert.InRange(energy.Figure!.Uncertainty, whole.Figure!.Uncertainty + 1, 20);
        Assert.InRange(Math.Abs(energy.Figure.Joules - Truth(s_window)), 0, energy.Figure.Uncertainty);
    }

    [Theory]
    [InlineData(-10, 30)]
    [InlineData(5, 60)]
    public void A_meter_that_began_late_or_ended_early_gives_no_figure(double from, double to)
    {
        List<MeterReading> readings = [.. Waveform.Sample(MeterKind.Power, 45, new Random(1)).Where(reading => reading.At >= from && reading.At <= to)];
        WindowEnergy energy = Integrate(MeterKind.Power, readings, s_window);
        Assert.Null(energy.Figure);
        Assert.Contains(energy.Findings, finding => finding.Text.StartsWith(from > 0 ? "no reading before" : "no reading after", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reset_in_the_window_leaves_no_figure_and_one_outside_does_no_harm()
    {
        List<MeterReading> readings = Waveform.Sample(MeterKind.Energy, 45, new Random(1));
        List<MeterReading> With(double at) => [.. readings.Select((reading, i) => i > 0 && readings[i - 1].At < at && reading.At >= at ? reading with { Flaw = ReadingFlaw.Reset } : reading)];
        Assert.Equal("the meter's counter was reset, or jumped, while it was measured", Integrate(MeterKind.Energy, With(20), s_window).Missing);
        Assert.InRange(Integrate(MeterKind.Energy, With(43), s_window).Figure!.Joules / Truth(s_window), 0.99, 1.01);
    }

    [Fact]
    public void Too_few_readings_are_said()
    {
        List<MeterReading> readings = [new(0, 5), new(10, 5), new(20, 5), new(30, 5), new(40, 5)];
        Assert.Equal("3 readings in 25 s; at least 4 are needed", Integrate(MeterKind.Power, readings, new TimeStretch(5, 30)).Missing);
        Assert.Equal("no time to integrate over", Integrate(MeterKind.Power, readings).Missing);
        Assert.NotNull(Integrate(MeterKind.Power, [], new TimeStretch(0, 1)).Missing);
    }

    [Fact]
    public void A_short_window_has_a_figure_and_a_mark()
    {
        WindowEnergy energy = Integrate(MeterKind.Power, Waveform.Sample(MeterKind.Power, 45, new Random(1)), new TimeStretch(3, 7));
        Assert.NotNull(energy.Figure);
        Assert.Equal([MeterFindingKind.ShortWindow], energy.Findings.Select(finding => finding.Kind));
    }

    [Fact]
    public void Short_repetitions_between_pauses_cannot_be_told_from_them()
    {
        List<MeterReading> readings = Waveform.Sample(MeterKind.Power, 45, new Random(1));
        TimeStretch[] short_ = [.. Enumerable.Range(0, 60).Select(i => new TimeStretch(i * 0.5, (i * 0.5) + 0.25))];
        Assert.Matches("^repetitions of 0.25 s with pauses between them .* are too short for readings every 0.1", Integrate(MeterKind.Power, readings, short_).Missing);
        TimeStretch[] dense = [.. Enumerable.Range(0, 60).Select(i => new TimeStretch(i * 0.5, (i * 0.5) + 0.49))];
        Assert.InRange(Integrate(MeterKind.Power, readings, dense).Figure!.Joules / dense.Sum(Truth), 0.98, 1.02);
        TimeStretch[] long_ = [new(2, 14), new(20, 33)];
        Assert.InRange(Integrate(MeterKind.Power, readings, long_).Figure!.Joules / long_.Sum(Truth), 0.99, 1.01);
    }

    [Fact]
    public void Readings_out_of_order_are_left_out_and_said()
    {
        List<MeterReading> readings = Waveform.Sample(MeterKind.Power, 45, new Random(1));
        readings.Insert(200, readings[100]);
        WindowEnergy energy = Integrate(MeterKind.Power, readings, s_window);
        Assert.InRange(energy.Figure!.Joules / Truth(s_window), 0.99, 1.01);
        Assert.Equal([MeterFindingKind.OutOfOrder], energy.Findings.Select(finding => finding.Kind));
    }

    [Fact]
    public void A_coarse_meter_is_uncertain_by_half_its_step()
    {
        List<MeterReading> readings = [.. Enumerable.Range(0, 300).Select(i => new MeterReading(i / 10.0, Math.Round(7.4 + ((i % 2) * 0.2))))];
        WindowEnergy energy = Integrate(MeterKind.Power, readings, new TimeStretch(5, 25));
        Assert.InRange(energy.Figure!.Uncertainty, 10, 25);
        Assert.Equal(10, WindowIntegrator.Integrate(MeterKind.Power, 1, [.. readings.Select(reading => reading with { Value = 7 })], [new TimeStretch(5, 25)], 0).Figure!.Uncertainty, 6);
    }
}
