using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Devices.Launching;

namespace EdgeBench.TrialDouble;

/// <summary>What a controller process shall do: a trial of every cell in every session on one device behind ssh, into a journal that it resumes.</summary>
/// <param name="Folder">Of the journal.</param>
/// <param name="TimeLimit">Seconds of one trial.</param>
/// <param name="MemoryLimit">Bytes of one trial.</param>
public sealed record ControllerJob(
    string Folder, SshOptions Ssh, IReadOnlyList<ControllerCell> Cells, int Sessions, ulong Seed, double TimeLimit, long MemoryLimit, TuningSpec? Tuning, CooldownSpec? Cooldown)
{
    /// <summary>Name of the device in messages.</summary>
    public const string DeviceName = "board";

    public DeviceSpec Device => new(DeviceName, "ssh")
    {
        LauncherOptions = JsonSerializer.SerializeToElement(Ssh, EdgeBenchJson.Options),
        Tuning = Tuning,
        Cooldown = Cooldown,
    };
}

/// <param name="Deed">What its trials do: see <see cref="MisbehavingWorkload"/>.</param>
/// <param name="Artifact">File on the controller's machine.</param>
public sealed record ControllerCell(string Name, string Deed, string Artifact);
