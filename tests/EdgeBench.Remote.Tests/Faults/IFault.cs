namespace EdgeBench.Remote.Tests.Faults;

/// <summary>Something that goes wrong, and what must hold after it beyond what holds after every one (<see cref="Invariants"/>).</summary>
internal interface IFault
{
    /// <summary>Row of the table.</summary>
    string Name { get; }

    /// <summary>What this machine lacks for it, or null.</summary>
    string? Lacks => null;

    /// <summary>Moments of which the seed picks one; empty where the fault is there from the beginning.</summary>
    IReadOnlyList<Moment> Moments { get; }

    /// <summary>What is prepared before the device and its controller start, and what this run then promises.</summary>
    Promise Arrange(FaultScene scene, Random random);

    /// <summary>Looks on from the controller's start, beside everything else.</summary>
    Task WatchAsync(FaultScene scene, ControllerProcess controller, FaultReport report) => Task.CompletedTask;

    /// <summary>Strikes; returns when what it did is over (a link thawed again, a disk freed).</summary>
    Task StrikeAsync(FaultScene scene, Strike strike) => Task.CompletedTask;

    /// <summary>What did not hold of this fault's own when all was over; empty where all did.</summary>
    IEnumerable<string> Check(FaultScene scene, FaultReport report) => [];
}
