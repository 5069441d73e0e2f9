using EdgeBench.Devices.Thermal;

namespace EdgeBench.Devices.Tests.Thermal;

public class ThrottleCountersTests
{
    private static SystemTree Xeon(int core0, int core1, int package) => new SystemTree()
        .With("sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", $"{core0}\n")
        .With("sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count", $"{core1}\n")
        .With("sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_count", $"{package}\n")
        .With("sys/devices/system/cpu/cpu1/thermal_throttle/package_throttle_count", $"{package}\n")
        .With("sys/devices/system/cpu/cpu0/topology/physical_package_id", "0\n")
        .With("sys/devices/system/cpu/cpu1/topology/physical_package_id", "0\n");

    [Fact]
    public void A_packages_count_counts_once_and_its_cores_each()
    {
        using SystemTree tree = Xeon(2, 3, 7);
        Assert.Equal(new Dictionary<string, long> { ["core_throttle_count"] = 5, ["package_throttle_count 0"] = 7 }, ThrottleCounters.Read(tree.Root));
    }

    [Fact]
    public void Over_current_counters_of_a_jetson_are_read()
    {
        using SystemTree tree = new SystemTree().With("sys/class/hwmon/hwmon3/name", "soctherm_oc\n").With("sys/class/hwmon/hwmon3/oc1_event_cnt", "4\n").With("sys/class/hwmon/hwmon3/oc3_event_cnt", "0\n");
        Assert.Equal(new Dictionary<string, long> { ["soctherm_oc oc1"] = 4, ["soctherm_oc oc3"] = 0 }, ThrottleCounters.Read(tree.Root));
    }

    [Fact]
    public void Events_between_two_readings_add_up_and_a_reset_never_makes_them_negative()
    {
        Dictionary<string, long> before = new() { ["a"] = 5, ["b"] = 100 };
        Assert.Equal(0, ThrottleCounters.Between(before, before));
        Assert.Equal(3, ThrottleCounters.Between(before, new Dictionary<string, long> { ["a"] = 8, ["b"] = 100 }));
        Assert.Equal(2, ThrottleCounters.Between(before, new Dictionary<string, long> { ["a"] = 5, ["b"] = 2 }));
        Assert.Null(ThrottleCounters.Between(new Dictionary<string, long>(), new Dictionary<string, long> { ["a"] = 5 }));
    }
}
