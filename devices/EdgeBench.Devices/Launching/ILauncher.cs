using EdgeBench.Core.Configuration;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Wire;

namespace EdgeBench.Devices.Launching;

/// <summary>Starts an agent on a device. Seam: implement, add to <see cref="LauncherRegistry"/>.</summary>
public interface ILauncher
{
    /// <summary>Registered name, as <see cref="DeviceSpec.Launcher"/> spells it.</summary>
    string Name { get; }

    /// <summary>Record type of its options in a device's file; null where it takes none.</summary>
    Type? OptionsType => null;

    /// <summary>Whether the agent sees the files of this machine under the same names, so that none are sent.</summary>
    bool SharesFiles => false;

    /// <summary>Bytes that files sent to the device may take there; 0 for no limit but its disk's.</summary>
    long CacheLimit(DeviceSpec device) => 0;

    /// <summary>Starts the agent and greets it. Throws <see cref="Core.Problems.EdgeBenchException"/> (exit code 5) where that fails.</summary>
    Task<IAgentConnection> StartAsync(DeviceSpec device, CancellationToken cancellation);
}

/// <summary>
/// A greeted agent. <see cref="IAgent.RunTrialAsync"/> answers a lost agent with an outcome of kind
/// <see cref="Core.Trials.FailureKind.DeviceLost"/>; the other calls throw <see cref="Core.Problems.EdgeBenchException"/>. Disposing ends the agent.
/// </summary>
public interface IAgentConnection : IAgent, IFileReceiver, IAsyncDisposable
{
    /// <summary>What the agent said of itself and its device.</summary>
    AgentHello Hello { get; }

    /// <summary>Whether the agent is gone; then only a new connection helps.</summary>
    bool IsLost { get; }

    /// <summary>Sends a piece of a file that the agent has asked for; false where the file did not have all of it. Throws <see cref="AgentLostException"/>.</summary>
    Task<bool> SendBlockAsync(FilePiece piece, CancellationToken cancellation);
}
