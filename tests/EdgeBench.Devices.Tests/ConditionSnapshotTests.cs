using EdgeBench.Devices.Sensors;

namespace EdgeBench.Devices.Tests;

public class ConditionSnapshotTests
{
    // user nice system idle iowait irq softirq steal guest guest_nice, in ticks (proc(5)).
    private const string Before = "cpu  1000 0 500 8000 100 0 0 10 0 0\ncpu0 1 2 3\n";
    private const string After = "cpu  1300 0 600 8500 100 0 0 110 0 0\ncpu0 1 2 3\n";

    // Fields 14 to 17 are utime, stime, cutime, cstime; the command's name may hold blanks and parentheses.
    private static string Self(int user, int system, int childrenUser, int childrenSystem) =>
        $"42 (a (b) c) S 1 42 42 0 -1 4194304 1 2 3 4 {user} {system} {childrenUser} {childrenSystem} 20 0 8 0 100 1 1";

    [Fact]
    public void The_load_of_others_is_the_busy_time_less_ours_and_our_childrens()
    {
        using SystemTree tree = new SystemTree().With("proc/stat", Before).With("proc/self/stat", Self(10, 5, 100, 20));
        ConditionSnapshot before = ConditionSnapshot.Take(tree.Root);
        tree.With("proc/stat", After).With("proc/self/stat", Self(20, 10, 250, 55));
        var conditions = ConditionSnapshot.Between(before, ConditionSnapshot.Take(tree.Root));
        // 1000 ticks passed: 400 busy, 500 idle, 100 stolen; 200 of the busy ones were ours.
        Assert.Equal(0.2, conditions["other_cpu_share"], 12);
        Assert.Equal(0.1, conditions["steal_share"], 12);
    }

    [Fact]
    public void Our_rounding_never_makes_the_load_of_others_negative()
    {
        using SystemTree tree = new SystemTree().With("proc/stat", Before).With("proc/self/stat", Self(0, 0, 0, 0));
        ConditionSnapshot before = ConditionSnapshot.Take(tree.Root);
        tree.With("proc/stat", After).With("proc/self/stat", Self(500, 0, 0, 0));
        Assert.Equal(0, ConditionSnapshot.Between(before, ConditionSnapshot.Take(tree.Root))["other_cpu_share"]);
    }

    [Fact]
    public void Clocks_temperature_memory_and_kills_are_read_in_their_units()
    {
        using SystemTree tree = new SystemTree()
            .With("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "2400000\n")
            .With("sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq", "1200000\n")
            .With("sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq", "1\n")
            .With("sys/class/thermal/thermal_zone0/temp", "41500\n")
            .With("sys/class/thermal/thermal_zone1/temp", "62250\n")
            .With("sys/class/thermal/thermal_zone1/type", "cpu-thermal\n")
            .With("proc/loadavg", "0.75 0.50 0.25 1/100 1234\n")
            .With("proc/meminfo", "MemAvailable: 2048 kB\n")
            .With("proc/vmstat", "oom_kill 7\n");
        ConditionSnapshot before = ConditionSnapshot.Take(tree.Root);
        tree.With("proc/vmstat", "oom_kill 9\n").With("sys/class/thermal/thermal_zone1/temp", "71000\n");
        Assert.Equal(new Dictionary<string, double>
        {
            ["clock_mhz_before"] = 1800,
            ["clock_mhz_before.cpu0"] = 2400,
            ["clock_mhz_before.cpu1"] = 1200,
            ["clock_mhz_after"] = 1800,
            ["clock_mhz_after.cpu0"] = 2400,
            ["clock_mhz_after.cpu1"] = 1200,
            ["temperature_c_before"] = 62.25,
            ["temperature_c_before.thermal_zone0"] = 41.5,
            ["temperature_c_before.cpu-thermal"] = 62.25,
            ["temperature_c_after"] = 71,
            ["temperature_c_after.thermal_zone0"] = 41.5,
            ["temperature_c_after.cpu-thermal"] = 71,
            ["load1_before"] = 0.75,
            ["memory_available_before"] = 2048 * 1024,
            ["oom_kills"] = 2,
        }, ConditionSnapshot.Between(before, ConditionSnapshot.Take(tree.Root)));
    }

    [Fact]
    public void Throttling_is_told_as_bits_and_as_events()
    {
        using SystemTree tree = new SystemTree().With("sys/class/hwmon/hwmon0/oc1_event_cnt", "3\n").WithTool("vcgencmd", "echo throttled=0x0");
        ConditionSnapshot before = ConditionSnapshot.Take(tree.Root);
        tree.With("sys/class/hwmon/hwmon0/oc1_event_cnt", "5\n").WithTool("vcgencmd", "echo throttled=0x40000");
        var conditions = ConditionSnapshot.Between(before, ConditionSnapshot.Take(tree.Root));
        Assert.Equal((0, 0x40000, 2), (conditions["throttled_bits_before"], conditions["throttled_bits_after"], conditions["throttle_events"]));
    }

    [Fact]
    public void A_device_that_offers_nothing_yields_nothing()
    {
        using SystemTree tree = new SystemTree().With("proc/stat", "cpu  garbage\n").With("proc/loadavg", "\n");
        ConditionSnapshot snapshot = ConditionSnapshot.Take(tree.Root);
        Assert.Empty(ConditionSnapshot.Between(snapshot, ConditionSnapshot.Take(tree.Root)));
    }
}
