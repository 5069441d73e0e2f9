using EdgeBench.Backends;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Installing;
using EdgeBench.Devices.Launching;
using EdgeBench.Devices.Profiles;
using EdgeBench.Running.Configuration.Devices;

namespace EdgeBench.Running.Execution;

/// <summary>Puts on a device what a run there needs, before the first run: the agent, and the libraries of the runtimes that it shall use.</summary>
public static class DeviceInstallation
{
    /// <summary>
    /// Runtimes that a device shall have: those that its profile lists, without a profile all. Programs that measure by themselves are the device's own and
    /// never among them.
    /// </summary>
    public static IReadOnlyList<string> Backends(DeviceSpec device)
    {
        ArgumentNullException.ThrowIfNull(device);
        DeviceProfile? profile = device.Profile is { } name ? ProfileCatalog.Find(name) : null;
        return [.. BackendRegistry.All.Where(backend => backend is not IMeasuringBackend && (profile is null || profile.Runtimes.Any(runtime => runtime.Backend == backend.Name)))
            .Select(backend => backend.Name)];
    }

    /// <summary>The same names, if each is a runtime that a library makes. Throws <see cref="EdgeBenchException"/> (exit code 2).</summary>
    public static IReadOnlyList<string> Checked(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (string name in names)
        {
            if (BackendRegistry.Find(name) is IMeasuringBackend)
                throw EdgeBenchException.BadInput($"'{name}' cannot be installed", "a runtime that is a library", "Its programs are the device's own: put them there, and into the device's external.json.");
        }
        return names;
    }

    /// <summary>
    /// Installs the agent unless it is there, hash and all; null where the device's launcher starts one that is put in its place by other means. Throws
    /// <see cref="EdgeBenchException"/> (exit code 5).
    /// </summary>
    public static async Task<InstallReport?> AgentAsync(DeviceSpec device, IRunObserver observer, CancellationToken cancellation) =>
        LauncherRegistry.For(device) is IInstallingLauncher launcher ? await launcher.InstallAsync(device, new PreparingLines(observer), cancellation) : null;

    /// <summary>
    /// Fetches the pinned library of each backend that the device lacks on this machine, for the device's platform, and sends it there. Answers what the device says
    /// of each; one that cannot be had says why. Throws <see cref="EdgeBenchException"/> where the device is lost.
    /// </summary>
    public static async Task<IReadOnlyList<BackendReport>> BackendsAsync(DeviceSpec device, IEnumerable<string> names, IRunObserver observer, CancellationToken cancellation)
    {
        IBackend[] backends = [.. names.Select(BackendRegistry.Find)];
        if (backends.Length == 0) return [];
        await using DeviceSession session = await DeviceSession.StartAsync(device, observer, cancellation);
        List<BackendReport> reports = [];
        foreach (IBackend backend in backends)
            reports.Add(await session.BackendAsync(new BackendSpec(backend.Name, backend.Name, HarnessVocabulary.DefaultOptions(backend)), cancellation));
        return reports;
    }
}
