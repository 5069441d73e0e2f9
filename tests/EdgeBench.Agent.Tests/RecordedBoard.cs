using System.Diagnostics;
using EdgeBench.Core.Configuration;
using EdgeBench.Devices.Launching;
using EdgeBench.Testing;

namespace EdgeBench.Agent.Tests;

/// <summary>A board with one governor, one thermal zone and one clock, and an agent that takes it for its device.</summary>
internal sealed class RecordedBoard : IDisposable
{
    public static readonly TuningSpec Performance = new() { Governor = "performance" };

    private readonly TemporaryFolder _folder = new();

    public RecordedBoard()
    {
        Write("sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "schedutil\n");
        Write("proc/sys/kernel/random/boot_id", "boot-1\n");
        Write("sys/class/thermal/thermal_zone0/temp", "45000\n");
        Write("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n");
        Write("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "1800000\n");
    }

    public string Governor => File.ReadAllText(_folder.File("root/sys/devices/system/cpu/cpufreq/policy0/scaling_governor")).Trim();

    public string Records => _folder.File("cache/tuning");

    public string[] OpenRecords => Directory.Exists(Records) ? Directory.GetFiles(Records) : [];

    public void Write(string path, string text)
    {
        string file = _folder.File(Path.Combine("root", path));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public async Task<AgentConnection> ConnectAsync()
    {
        ProcessStartInfo start = AgentProgram.Command(Double.Program, "serve");
        start.Environment["EDGEBENCH_DOUBLE_ROOT"] = _folder.File("root");
        start.Environment["EDGEBENCH_CACHE"] = _folder.File("cache");
        return await AgentConnection.GreetAsync("board", AgentProcess.Start(start), TestContext.Current.CancellationToken);
    }

    /// <summary>Guards of the agent with that number.</summary>
    public static int[] GuardsOf(int agent) => [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
        .Select(name => int.Parse(name!)).Where(process => IsGuardOf(agent, process))];

    public void Dispose() => _folder.Dispose();

    private static bool IsGuardOf(int agent, int process)
    {
        try
        {
            string[] words = File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
            return words.Contains("guard") && words.Contains($"--owner={agent}") && !words[0].EndsWith("sh", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
