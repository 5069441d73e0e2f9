using System.Diagnostics;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Running.Execution;

/// <summary>A new agent for a device whose last one was lost; a link may be down for a while.</summary>
internal static class Reconnection
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3), s_pause = TimeSpan.FromSeconds(5);

    /// <summary>Tries until the device answers; a local agent is tried once. Throws <see cref="EdgeBenchException"/> (exit code 5).</summary>
    public static async Task<IAgentConnection> StartAsync(ILauncher launcher, DeviceSpec device, CancellationToken cancellation)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await launcher.StartAsync(device, cancellation);
            }
            catch (EdgeBenchException error) when (error.ExitCode == ExitCode.Infrastructure && !launcher.SharesFiles && watch.Elapsed < s_patience)
            {
                await Task.Delay(s_pause, cancellation);
            }
        }
    }
}
