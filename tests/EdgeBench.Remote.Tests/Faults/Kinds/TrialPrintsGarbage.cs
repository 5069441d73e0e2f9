namespace EdgeBench.Remote.Tests.Faults.Kinds;

/// <summary>Trials write what is no message to standard output and error: words, megabytes, bytes of no encoding, a forged message.</summary>
internal sealed class TrialPrintsGarbage : IFault
{
    private static readonly string[] s_deeds = ["print and measure", "flood and measure", "babble and measure"];

    public string Name => "trial prints garbage";

    public IReadOnlyList<Moment> Moments { get; } = [];

    public Promise Arrange(FaultScene scene, Random random)
    {
        foreach (string cell in scene.Deeds.Keys) scene.Deeds[cell] = s_deeds[random.Next(s_deeds.Length)];
        return new Promise();
    }
}
