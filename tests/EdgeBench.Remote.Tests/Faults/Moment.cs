namespace EdgeBench.Remote.Tests.Faults;

/// <summary>Where in the life of a trial a fault strikes.</summary>
internal enum Moment
{
    /// <summary>The trial's artifact is on its way.</summary>
    Upload,

    /// <summary>The device rests between two trials: one is handed over and its process is still to come.</summary>
    Between,

    /// <summary>The trial's process works.</summary>
    MidTrial,

    /// <summary>The outcome is there and on its way to the controller.</summary>
    HandOver,
}
