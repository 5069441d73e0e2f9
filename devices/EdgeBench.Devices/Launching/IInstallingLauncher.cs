using EdgeBench.Core.Configuration;
using EdgeBench.Devices.Installing;

namespace EdgeBench.Devices.Launching;

/// <summary>A launcher that can put the agent on its device.</summary>
public interface IInstallingLauncher : ILauncher
{
    /// <summary>Installs the agent for the device's platform unless it is there, hash and all. Throws <see cref="Core.Problems.EdgeBenchException"/> (exit code 5).</summary>
    /// <param name="progress">Lines for people; may be null.</param>
    Task<InstallReport> InstallAsync(DeviceSpec device, IProgress<string>? progress, CancellationToken cancellation);
}
