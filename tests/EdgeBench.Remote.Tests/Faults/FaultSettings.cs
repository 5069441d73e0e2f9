using System.Globalization;

namespace EdgeBench.Remote.Tests.Faults;

/// <summary>How large a campaign is, from the environment.</summary>
/// <param name="Runs">Of each fault.</param>
/// <param name="Only">One run to repeat: a fault and the seed of its run.</param>
internal sealed record FaultSettings(int Runs, int Seed, (string Fault, int Seed)? Only, string? Table)
{
    public const string RunsVariable = "EDGEBENCH_FAULT_RUNS", SeedVariable = "EDGEBENCH_FAULT_SEED", One = "EDGEBENCH_FAULT_ONE", TableVariable = "EDGEBENCH_FAULT_TABLE";

    private const int FewRuns = 4;

    /// <summary>Longest cut: beyond the limits of silence in a large campaign alone, so that a repeated run needs the same number of runs.</summary>
    public double LongestCut => IsLarge ? 60 : 3;

    /// <summary>Runs at the same time: most of a run is waiting, in a large campaign for the ends of long cuts.</summary>
    public int AtOnce => IsLarge ? 6 : 4;

    private bool IsLarge => Runs > FewRuns;

    public static FaultSettings Read() => new(
        Number(RunsVariable) ?? 1,
        Number(SeedVariable) ?? Environment.TickCount & int.MaxValue,
        Environment.GetEnvironmentVariable(One)?.Split(':') is [var fault, var seed] ? (fault, int.Parse(seed, CultureInfo.InvariantCulture)) : null,
        Environment.GetEnvironmentVariable(TableVariable) is { Length: > 0 } path ? path : null);

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
