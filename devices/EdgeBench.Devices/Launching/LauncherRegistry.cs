using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;

namespace EdgeBench.Devices.Launching;

/// <summary>Every launcher, by name.</summary>
public static class LauncherRegistry
{
    public static IReadOnlyList<ILauncher> All { get; } = [new LocalLauncher(), new SshLauncher(), new CommandLauncher(), new SlurmLauncher()];

    /// <summary>The launcher of that name, or null.</summary>
    public static ILauncher? Find(string name) => All.FirstOrDefault(launcher => launcher.Name == name);

    /// <summary>The launcher that a device names; bad input where there is none.</summary>
    public static ILauncher For(DeviceSpec device)
    {
        ArgumentNullException.ThrowIfNull(device);
        string[] names = [.. All.Select(launcher => launcher.Name)];
        return Find(device.Launcher) ?? throw EdgeBenchException.BadInput(
            $"launcher '{device.Launcher}' of device '{device.Name}'", $"one of {string.Join(", ", names)}", Nearest.Question(device.Launcher, names));
    }
}
