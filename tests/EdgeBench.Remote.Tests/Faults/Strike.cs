namespace EdgeBench.Remote.Tests.Faults;

/// <summary>The fault's moment as it came.</summary>
/// <param name="At">Since the run began.</param>
/// <param name="Agent">Process of the agent.</param>
/// <param name="Trial">Process of the trial; 0 where there is none.</param>
/// <param name="Processes">Everything that runs on the device.</param>
/// <param name="Finished">Trials that the controller had accepted.</param>
internal sealed record Strike(TimeSpan At, int Agent, int Trial, IReadOnlyList<int> Processes, IReadOnlyList<string> Finished);
