using EdgeBench.Core.Configuration;

namespace EdgeBench.Devices.Launching;

/// <summary>The machine that the command runs on: the agent is a child process, and everything else is as on a remote device.</summary>
public sealed class LocalLauncher : ILauncher
{
    public string Name => "local";

    public bool SharesFiles => true;

    public async Task<IAgentConnection> StartAsync(DeviceSpec device, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(device);
        AgentProcess process = AgentProcess.Start(AgentProgram.Command(AgentProgram.Locate(), "serve"));
        return await AgentConnection.GreetAsync(device.Name, process, cancellation).ConfigureAwait(false);
    }
}
