using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Doctor;
using EdgeBench.Testing;

namespace EdgeBench.Devices.Tests.Doctor;

public class DoctorChecksTests
{
    private static IReadOnlyList<DoctorFinding> Of(SystemTree tree, params MeterSpec[] meters)
    {
        using TemporaryFolder cache = new();
        return DoctorChecks.Examine(new DoctorContext(tree.Root, cache.Path, meters));
    }

    private static DoctorFinding One(SystemTree tree, string check) => Assert.Single(Of(tree), finding => finding.Check == check);

    [Fact]
    public void Every_check_of_the_assembly_is_registered_once()
    {
        IEnumerable<Type> types = typeof(IDoctorCheck).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IDoctorCheck)) && !type.IsAbstract);
        Assert.Equal(types.Select(type => type.Name).Order(), DoctorChecks.All.Select(check => check.GetType().Name).Order());
        Assert.Distinct(DoctorChecks.All.Select(check => check.Name));
    }

    [Fact]
    public void A_device_that_tells_nothing_is_examined_to_the_end()
    {
        using SystemTree tree = new();
        IReadOnlyList<DoctorFinding> findings = Of(tree);
        Assert.Equal(["disk", "memory", "governor", "throttling", "load", "sensors", "sensors"], findings.Select(finding => finding.Check));
        Assert.DoesNotContain(findings, finding => finding.Severity == Severity.Error);
    }

    [Fact]
    public void Whatever_is_a_warning_or_an_error_has_a_remedy_where_there_is_one()
    {
        using SystemTree tree = new SystemTree()
            .With("sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "powersave\n")
            .With("sys/devices/system/cpu/cpufreq/policy0/cpuinfo_max_freq", "2400000\n").With("sys/devices/system/cpu/cpufreq/policy0/scaling_max_freq", "1500000\n")
            .With("proc/meminfo", "MemTotal: 8000000 kB\nMemAvailable: 1000000 kB\nSwapTotal: 2000000 kB\nSwapFree: 0 kB\n")
            .WithTool("vcgencmd", "echo throttled=0x50005").WithTool("nvpmodel", "exit 3");
        DoctorFinding[] bad = [.. Of(tree).Where(finding => finding.Severity >= Severity.Warning && finding.Check != "load")];
        Assert.Equal(["memory", "memory", "governor", "clocks", "power mode", "throttling"], bad.Select(finding => finding.Check));
        Assert.All(bad, finding => Assert.NotNull(finding.Remedy));
    }

    [Fact]
    public void Throttling_now_is_an_error_and_since_boot_a_note()
    {
        using SystemTree now = new SystemTree().WithTool("vcgencmd", "echo throttled=0x4"), once = new SystemTree().WithTool("vcgencmd", "echo throttled=0x40000"), never = new SystemTree().WithTool("vcgencmd", "echo throttled=0x0");
        Assert.Equal((Severity.Error, "now: throttled"), (One(now, "throttling").Severity, One(now, "throttling").Message));
        Assert.Equal((Severity.Note, "since boot: throttled"), (One(once, "throttling").Severity, One(once, "throttling").Message));
        Assert.Equal(Severity.Good, One(never, "throttling").Severity);
    }

    [Fact]
    public void A_tuned_board_is_good()
    {
        using SystemTree tree = new SystemTree()
            .With("sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "performance\n")
            .With("sys/devices/system/cpu/cpufreq/policy0/cpuinfo_max_freq", "2400000\n").With("sys/devices/system/cpu/cpufreq/policy0/scaling_max_freq", "2400000\n")
            .With("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n").With("sys/class/thermal/thermal_zone0/temp", "48312\n")
            .With("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "2400000\n")
            .With("proc/meminfo", "MemTotal: 8000000 kB\nMemAvailable: 7000000 kB\n")
            .WithTool("nvpmodel", "echo 'NV Power Mode: MAXN'; echo 0");
        Assert.Equal(Severity.Good, One(tree, "governor").Severity);
        Assert.Equal("policy0 may reach 2400 MHz", One(tree, "clocks").Message);
        Assert.Equal((Severity.Good, "nvpmodel mode MAXN"), (One(tree, "power mode").Severity, One(tree, "power mode").Message));
        Assert.Contains(Of(tree), finding => finding.Message == "temperature: cpu-thermal 48.3 °C");
        Assert.Equal(Severity.Good, One(tree, "memory").Severity);
    }

    [Fact]
    public void Meters_are_read_as_a_trial_would_read_them_or_say_why_not_with_the_remedy()
    {
        using SystemTree tree = new SystemTree().With("sys/class/hwmon/hwmon0/name", "ina226\n").With("sys/class/hwmon/hwmon0/power1_input", "2500000\n");
        static MeterSpec Meter(string name, string options = "{}") => new(name, JsonDocument.Parse(options).RootElement.Clone());
        DoctorFinding[] found = [.. Of(tree, Meter("hwmon"), Meter("hwmon", """{"boundary": "rail"}"""), Meter("rapl"), Meter("hwnon"), Meter("hwmon")).Where(finding => finding.Check == "meters")];
        Assert.Equal([Severity.Good, Severity.Good, Severity.Warning, Severity.Warning, Severity.Warning], found.Select(finding => finding.Severity));
        Assert.StartsWith("hwmon reads ", found[0].Message, StringComparison.Ordinal);
        Assert.Contains("boundary board; power", found[0].Message, StringComparison.Ordinal);
        Assert.Contains("boundary rail", found[1].Message, StringComparison.Ordinal);
        Assert.StartsWith("rapl is not applied: there is no /sys/class/powercap/intel-rapl:*", found[2].Message, StringComparison.Ordinal);
        Assert.Equal("Did you mean 'hwmon'?", found[3].Remedy);
        Assert.Contains("another meter reads the boundary 'board' already", found[4].Message, StringComparison.Ordinal);
        Assert.All(found[2..], finding => Assert.NotEmpty(finding.Remedy!));
    }

    [Fact]
    public void Agents_of_other_versions_are_told_with_what_they_take()
    {
        using SystemTree tree = new();
        using TemporaryFolder cache = new();
        foreach (char digit in "ab")
        {
            string folder = Directory.CreateDirectory(cache.File($"agents/{new string(digit, 64)}")).FullName;
            File.WriteAllBytes(Path.Combine(folder, "edgebench-agent"), new byte[1_500_000]);
        }
        Directory.CreateDirectory(cache.File("agents/notes"));
        DoctorFinding finding = Assert.Single(DoctorChecks.Examine(new DoctorContext(tree.Root, cache.Path, [])), finding => finding.Check == "agents");
        Assert.Equal((Severity.Note, $"2 agents of other versions take 3.0 MB in '{cache.File("agents")}'"), (finding.Severity, finding.Message));
        Assert.Contains("devices install", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void An_energy_counter_that_may_not_be_read_says_why()
    {
        using SystemTree tree = new SystemTree().With("sys/class/powercap/intel-rapl:0/name", "package-0\n").With("sys/class/powercap/intel-rapl:0/energy_uj", "1\n");
        Assert.Contains(Of(tree), finding => finding is { Check: "sensors", Severity: Severity.Good } && finding.Message.StartsWith("energy of package-0", StringComparison.Ordinal));
        string file = Path.Combine(tree.Root.Folder, "sys/class/powercap/intel-rapl:0/energy_uj");
        File.Delete(file);
        // Address 0 of our own memory is not mapped: reading it fails whoever we are, as reading a closed counter does for most users.
        File.CreateSymbolicLink(file, "/proc/self/mem");
        DoctorFinding denied = Assert.Single(Of(tree), finding => finding.Message.StartsWith("energy of package-0", StringComparison.Ordinal));
        Assert.Equal(Severity.Warning, denied.Severity);
        Assert.Contains("chmod a+r /sys/class/powercap/intel-rapl:0/energy_uj", denied.Remedy, StringComparison.Ordinal);
    }
}
