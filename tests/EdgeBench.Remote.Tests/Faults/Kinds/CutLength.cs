namespace EdgeBench.Remote.Tests.Faults.Kinds;

/// <summary>Lengths of cuts, in seconds: as many of 1 to 2 as of 30 to 60.</summary>
internal static class CutLength
{
    /// <summary>Below this no end of the link may take the other for lost (<see cref="EdgeBench.Devices.Wire.Liveness"/>: 20 s, ssh's own 20 s).</summary>
    public const double Harmless = 14;

    /// <summary>Above this each end must.</summary>
    public const double Noticed = 31;

    public static double Draw(FaultScene scene, Random random) => Math.Exp(random.NextDouble() * Math.Log(scene.Settings.LongestCut));
}
