using EdgeBench.Remote.Tests.Faults.Kinds;

namespace EdgeBench.Remote.Tests.Faults;

/// <summary>Every fault; a new one is a class and a line here.</summary>
internal static class FaultRegistry
{
    public static IReadOnlyList<IFault> All { get; } =
    [
        new AgentKilled(),
        new TrialKilled(),
        new ControllerKilled(),
        new LinkCutAndThawed(),
        new LinkCutAndBroken(),
        new LinkReset(),
        new LinkShaped(),
        new DiskFull(),
        new ClockStepped(),
        new TrialHangs(),
        new TrialEatsMemory(),
        new TrialPrintsGarbage(),
        new TwoControllers(),
    ];
}
