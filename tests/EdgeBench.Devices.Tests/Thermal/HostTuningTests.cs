using EdgeBench.Core.Configuration;
using EdgeBench.Devices.Processes;
using EdgeBench.Devices.Thermal;
using EdgeBench.Testing;

namespace EdgeBench.Devices.Tests.Thermal;

public sealed class HostTuningTests : IDisposable
{
    private const string Governor0 = "sys/devices/system/cpu/cpufreq/policy0/scaling_governor", Governor4 = "sys/devices/system/cpu/cpufreq/policy4/scaling_governor";
    private static readonly TuningSpec s_performance = new() { Governor = "performance" };

    private readonly TemporaryFolder _folder = new();
    private readonly SystemTree _board = new SystemTree()
        .With(Governor0, "schedutil\n").With("sys/devices/system/cpu/cpufreq/policy0/scaling_available_governors", "powersave schedutil performance\n")
        .With(Governor4, "ondemand\n").With("proc/sys/kernel/random/boot_id", "boot-1\n");

    private string Records => Path.Combine(_folder.Path, "tuning");

    public void Dispose()
    {
        _board.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Governors_are_set_told_and_put_back_each_as_it_was()
    {
        HostTuning tuning = HostTuning.Apply(_board.Root, Records, s_performance);
        Assert.Equal(("performance", "performance"), Governors());
        Assert.Equal("performance (was schedutil, ondemand)", tuning.Facts["tuning_governor"]);
        Assert.Empty(tuning.NotApplied);
        Assert.Single(Directory.GetFiles(Records));
        Assert.Empty(tuning.Restore());
        Assert.Equal(("schedutil", "ondemand"), Governors());
        Assert.Empty(Directory.GetFiles(Records));
    }

    [Fact]
    public void The_record_is_there_before_anything_is_changed()
    {
        File.WriteAllText(Records, "a file where the folder should be");
        Assert.ThrowsAny<IOException>(() => HostTuning.Apply(_board.Root, Records, s_performance));
        Assert.Equal(("schedutil", "ondemand"), Governors());
    }

    [Fact]
    public void A_governor_that_is_not_offered_is_not_applied_and_says_what_is()
    {
        HostTuning tuning = HostTuning.Apply(_board.Root, Records, new TuningSpec { Governor = "userspace" });
        Assert.Contains("policy0 offers powersave, schedutil, performance", Assert.Single(tuning.NotApplied), StringComparison.Ordinal);
        Assert.DoesNotContain("tuning_governor", tuning.Facts.Keys);
        Assert.Equal("schedutil", Governors().First);
        Assert.Empty(tuning.Restore());
        Assert.Equal(("schedutil", "ondemand"), Governors());
    }

    [Fact]
    public void A_device_without_governors_says_so()
    {
        using SystemTree bare = new();
        HostTuning tuning = HostTuning.Apply(bare.Root, Records, s_performance);
        Assert.Contains("no frequency governor", Assert.Single(tuning.NotApplied), StringComparison.Ordinal);
        Assert.Empty(tuning.Restore());
    }

    [Fact]
    public void What_a_dead_agent_left_is_put_back_by_the_next()
    {
        HostTuning.Apply(_board.Root, Records, s_performance);
        Assert.Empty(HostTuning.RestoreLeftovers(_board.Root, Records));
        Assert.Equal(("performance", "performance"), Governors());

        Disown();
        Assert.Empty(HostTuning.RestoreLeftovers(_board.Root, Records));
        Assert.Equal(("schedutil", "ondemand"), Governors());
        Assert.Empty(Directory.GetFiles(Records));
    }

    [Fact]
    public void What_somebody_changed_since_is_left_to_them()
    {
        HostTuning tuning = HostTuning.Apply(_board.Root, Records, s_performance);
        _board.With(Governor0, "powersave\n");
        Assert.Empty(tuning.Restore());
        Assert.Equal(("powersave", "ondemand"), Governors());
    }

    [Fact]
    public void After_another_boot_nothing_is_written()
    {
        HostTuning.Apply(_board.Root, Records, s_performance);
        Disown();
        _board.With("proc/sys/kernel/random/boot_id", "boot-2\n");
        Assert.Empty(HostTuning.RestoreLeftovers(_board.Root, Records));
        Assert.Equal(("performance", "performance"), Governors());
        Assert.Empty(Directory.GetFiles(Records));
    }

    [Theory]
    [InlineData("sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "etc/passwd")]
    [InlineData("sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "sys/devices/system/cpu/cpufreq/policy0/../../../../../etc/passwd")]
    [InlineData("\"schedutil\"", "\"root::0:0\"")]
    [InlineData("{", "")]
    public void A_record_that_names_anything_but_governors_is_never_carried_out(string good, string bad)
    {
        _board.With("etc/passwd", "performance");
        HostTuning.Apply(_board.Root, Records, s_performance);
        Disown();
        string file = Directory.GetFiles(Records).Single();
        string text = File.ReadAllText(file);
        Assert.Contains(good, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(good, bad, StringComparison.Ordinal));
        Assert.Empty(HostTuning.RestoreLeftovers(_board.Root, Records));
        Assert.Equal("performance", _board.Root.Text("etc/passwd"));
        Assert.Equal(("performance", "performance"), Governors());
    }

    [Fact]
    public void Jetson_clocks_are_stored_set_and_restored()
    {
        string log = Path.Combine(_board.Root.Folder, "log");
        _board.WithTool("jetson_clocks", $"echo \"run $1\" >> '{log}'; if [ \"$1\" = --store ]; then echo state > \"$2\"; fi; if [ \"$1\" = --restore ]; then cat \"$2\" >> '{log}'; fi");
        HostTuning tuning = HostTuning.Apply(_board.Root, Records, new TuningSpec { JetsonClocks = true });
        Assert.Equal("set", tuning.Facts["tuning_jetson_clocks"]);
        Assert.Empty(tuning.Restore());
        Assert.Equal(["run --store", "run ", "run --restore", "state"], File.ReadAllLines(log));
        Assert.Empty(Directory.GetFiles(Records));
    }

    [Fact]
    public void Jetson_clocks_that_cannot_be_restored_leave_the_record()
    {
        _board.WithTool("jetson_clocks", "if [ \"$1\" = --store ]; then echo state > \"$2\"; fi; [ \"$1\" != --restore ]");
        HostTuning tuning = HostTuning.Apply(_board.Root, Records, new TuningSpec { JetsonClocks = true });
        Assert.Contains("jetson_clocks --restore: jetson_clocks ended with exit code 1", Assert.Single(tuning.Restore()), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(Records).Length);
    }

    [Fact]
    public void Jetson_clocks_elsewhere_are_not_applied()
    {
        HostTuning tuning = HostTuning.Apply(_board.Root, Records, new TuningSpec { JetsonClocks = true });
        Assert.Equal("tuning jetson_clocks: the device has no such program", Assert.Single(tuning.NotApplied));
    }

    private (string? First, string? Second) Governors() => (_board.Root.Text(Governor0), _board.Root.Text(Governor4));

    // As if the agent that tuned had been killed.
    private void Disown()
    {
        string file = Directory.GetFiles(Records).Single();
        ProcessIdentity self = ProcessIdentity.Of(Environment.ProcessId)!;
        File.WriteAllText(file, File.ReadAllText(file).Replace($"\"started\":{self.Started}", $"\"started\":{self.Started + 1}", StringComparison.Ordinal));
    }
}
