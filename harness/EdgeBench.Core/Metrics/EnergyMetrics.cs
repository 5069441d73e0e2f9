namespace EdgeBench.Core.Metrics;

/// <summary>
/// The energy metrics of one boundary. The boundary is part of every name, so that no table, ranking, gate or plot, all of which go by the metric, can set
/// a figure from the wall beside one from a rail.
/// </summary>
public sealed class EnergyMetrics
{
    // Digits that count: an inference is millijoules on one device and hundreds of joules on another.
    private const string Digits = "G4";

    private EnergyMetrics(EnergyBoundary boundary)
    {
        Boundary = boundary;
        string suffix = boundary.ToString().ToLowerInvariant();
        Metric Figure(string name, string label, string unit, Aggregation aggregation, string format, string definition) =>
            new($"{name}_{suffix}", $"{label} ({suffix})", unit, Direction.LowerIsBetter, aggregation, format, $"{definition} Boundary: {Words(boundary)}.");

        PerToken = Figure("energy_per_token", "J/token", "J", Aggregation.Median, Digits,
            "Energy of a trial's timed repetitions over the tokens that they processed, prompt and output together; idle power included.");
        NetPerToken = Figure("net_energy_per_token", "net J/token", "J", Aggregation.Median, Digits,
            "As J/token, less the idle power before and after the trial times the timed seconds.");
        PerInference = Figure("energy_per_inference", "J/inference", "J", Aggregation.Median, Digits,
            "Energy of a trial's timed repetitions over their number; idle power included.");
        NetPerInference = Figure("net_energy_per_inference", "net J/inference", "J", Aggregation.Median, Digits,
            "As J/inference, less the idle power before and after the trial times the timed seconds.");
        MeanPower = Figure("mean_power", "mean power", "W", Aggregation.Median, "0.000", "Energy of a trial's timed repetitions over their time.");
        PeakPower = Figure("peak_power", "peak power", "W", Aggregation.Max, "0.000",
            "Largest reading in the timed repetitions; of a counter, the largest mean between two readings.");
        Power = Figure("power", "power", "W", Aggregation.Mean, "0.00",
            "Raw readings of the meter through the whole trial and its idle times; of a counter, the mean since the reading before.") with
        { Direction = Direction.Neutral };
        Counter = Figure("energy_counter", "energy counter", "J", Aggregation.Max, "0.000",
            "Raw readings of an energy counter since its first one, wraps undone.") with
        { Direction = Direction.Neutral };
    }

    public static IReadOnlyList<EnergyMetrics> All { get; } = [.. Enum.GetValues<EnergyBoundary>().Select(boundary => new EnergyMetrics(boundary))];

    public EnergyBoundary Boundary { get; }

    public Metric PerToken { get; }

    public Metric NetPerToken { get; }

    public Metric PerInference { get; }

    public Metric NetPerInference { get; }

    public Metric MeanPower { get; }

    public Metric PeakPower { get; }

    /// <summary>Raw readings in W; <see cref="Trials.Series.At"/> is negative in the idle time before the trial's process.</summary>
    public Metric Power { get; }

    /// <summary>Raw readings in J of a meter that counts energy: what is integrated of it.</summary>
    public Metric Counter { get; }

    /// <summary>What tables show, in their order.</summary>
    public IReadOnlyList<Metric> Figures => [PerToken, NetPerToken, PerInference, NetPerInference, MeanPower, PeakPower];

    public static EnergyMetrics Of(EnergyBoundary boundary) => All[(int)boundary];

    private static string Words(EnergyBoundary boundary) => boundary switch
    {
        EnergyBoundary.Wall => "wall (the mains plug)",
        EnergyBoundary.Board => "board (its direct-current input)",
        EnergyBoundary.Rail => "rail (some supply rails inside the board)",
        EnergyBoundary.Estimate => "estimate (a stated model, not measured)",
        _ => throw new ArgumentOutOfRangeException(nameof(boundary), boundary, "a boundary without words"),
    };
}
