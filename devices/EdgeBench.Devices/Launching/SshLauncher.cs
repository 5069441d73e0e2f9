using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Installing;

namespace EdgeBench.Devices.Launching;

/// <summary>
/// A device that ssh reaches: the system's ssh, so that the user's keys, configuration and jump hosts just work. The agent is one login away; where its hash
/// is not there, it is installed first.
/// </summary>
public sealed class SshLauncher : ILauncher, IInstallingLauncher
{
    private const int SshFailed = 255;

    public string Name => "ssh";

    public Type OptionsType => typeof(SshOptions);

    public long CacheLimit(DeviceSpec device) => Options(device).CacheLimit;

    public async Task<IAgentConnection> StartAsync(DeviceSpec device, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(device);
        SshOptions options = Options(device);
        SshInstaller installer = new(options, device.Name);
        (IAgentConnection? agent, RemoteResult? end) = await TryAsync(device, options, cancellation).ConfigureAwait(false);
        if (agent is not null) return agent;
        AgentPackage package = AgentPackages.Require(installer.RuntimeOf(end!), device.Name);
        await installer.SendAsync(package, progress: null, cancellation).ConfigureAwait(false);
        await installer.PruneAsync(package, cancellation).ConfigureAwait(false);
        (agent, end) = await TryAsync(device, options, cancellation).ConfigureAwait(false);
        return agent ?? throw installer.NoLogin(end!);
    }

    public Task<InstallReport> InstallAsync(DeviceSpec device, IProgress<string>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(device);
        return new SshInstaller(Options(device), device.Name).InstallAsync(progress, cancellation);
    }

    // The agent, or how the login ended where no agent is installed; any other end is an exception.
    private static async Task<(IAgentConnection? Agent, RemoteResult? End)> TryAsync(DeviceSpec device, SshOptions options, CancellationToken cancellation)
    {
        AgentProcess ssh = AgentProcess.Start(SshCommand.Of(options, device.Name, RemoteScripts.Start(options.Folder, AgentPackages.All)));
        try
        {
            return (await AgentConnection.GreetAsync(device.Name, ssh, cancellation).ConfigureAwait(false), null);
        }
        catch (AgentLostException) when (ssh.Exited.IsCompleted)
        {
            RemoteResult end = await ssh.ResultAsync().ConfigureAwait(false);
            if (end.ExitCode == RemoteScripts.NotInstalled) return (null, end);
            if (end.ExitCode == SshFailed) throw new SshInstaller(options, device.Name).NoLogin(end);
            throw;
        }
    }

    private static SshOptions Options(DeviceSpec device) => device.LauncherOptions is { ValueKind: JsonValueKind.Object } options
        ? options.Deserialize<SshOptions>(EdgeBenchJson.Options)!
        : throw EdgeBenchException.BadInput($"device '{device.Name}' with launcher 'ssh' and no 'host'", "launcher: { ssh: { host: … } }");
}
