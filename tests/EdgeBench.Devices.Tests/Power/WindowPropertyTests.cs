using CsCheck;
using EdgeBench.Devices.Power;
using EdgeBench.Devices.Power.Integration;

namespace EdgeBench.Devices.Tests.Power;

/// <summary>What holds for all readings whatever.</summary>
public class WindowPropertyTests
{
    private const double MaxGaps = 0.05;

    private static readonly Gen<List<MeterReading>> s_powers = Gen.Select(Gen.Double[0.02, 0.18], Gen.Double[0, 500]).List[40, 200].Select(steps =>
    {
        double at = 100;
        return steps.Select(step => new MeterReading(at += step.Item1, step.Item2)).ToList();
    });

    private static readonly Gen<List<MeterReading>> s_counters = s_powers.Select(readings =>
    {
        double total = 0;
        return readings.Select(reading => reading with { Value = total += reading.Value }).ToList();
    });

    private static Gen<(List<MeterReading> Readings, double A, double B, double C)> Cases(Gen<List<MeterReading>> readings) =>
        Gen.Select(readings, Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1]).Select((all, x, y, z) =>
        {
            double[] cuts = [.. new[] { x, y, z }.Select(share => all[0].At + (share * (all[^1].At - all[0].At))).Order()];
            return (all, cuts[0], cuts[1], cuts[2]);
        });

    [Theory]
    [InlineData(MeterKind.Power)]
    [InlineData(MeterKind.Energy)]
    public void Energy_is_never_negative_and_adjoining_windows_add_up(MeterKind kind) =>
        Cases(kind == MeterKind.Power ? s_powers : s_counters).Sample(test =>
        {
            EnergyCurve curve = EnergyCurve.Of(kind, test.Readings)!;
            double first = curve.Joules(new(test.A, test.B)), second = curve.Joules(new(test.B, test.C)), whole = curve.Joules(new(test.A, test.C));
            return first >= 0 && second >= 0 && Math.Abs(first + second - whole) <= 1e-9 * (1 + curve.Joules(new(test.Readings[0].At, test.Readings[^1].At)));
        });

    [Theory]
    [InlineData(MeterKind.Power)]
    [InlineData(MeterKind.Energy)]
    public void Splitting_a_window_changes_nothing(MeterKind kind) =>
        Cases(kind == MeterKind.Power ? s_powers : s_counters).Where(test => test.C - test.A > 1).Sample(test =>
        {
            WindowEnergy whole = WindowIntegrator.Integrate(kind, null, test.Readings, [new(test.A, test.C)], 0.5);
            WindowEnergy split = WindowIntegrator.Integrate(kind, null, test.Readings, [new(test.A, test.B), new(test.B, test.C)], 0.5);
            if (whole.Figure is null || split.Figure is null) return whole.Figure is null == split.Figure is null;
            return Math.Abs(whole.Figure.Joules - split.Figure.Joules) <= 1e-9 * (1 + whole.Figure.Joules) && whole.Figure.PeakWatts == split.Figure.PeakWatts;
        });

    [Fact]
    public void Whatever_the_readings_a_figure_is_finite_and_not_negative() =>
        Gen.Select(Gen.Double, Gen.Double, Gen.Int[0, 4]).List[0, 60].Sample(raw =>
        {
            List<MeterReading> readings = [.. raw.Select((one, i) => one.Item3 == 4 ? new MeterReading(i * 0.1, 0, ReadingFlaw.Unreadable)
                : MeterReading.OfPower(one.Item3 == 3 && double.IsFinite(one.Item1) ? one.Item1 : i * 0.1, one.Item2))];
            return WindowIntegrator.Integrate(MeterKind.Power, null, readings, [new(0.5, 5)], MaxGaps).Figure is not { } figure
                || (double.IsFinite(figure.Joules) && figure.Joules >= 0 && double.IsFinite(figure.Uncertainty) && figure.Uncertainty >= 0);
        });
}
