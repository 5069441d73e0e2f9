using EdgeBench.Devices.Sensors;

namespace EdgeBench.Devices.Tests;

public class ThermalZonesTests
{
    // A Jetson Nano's zones: PMIC-Die is a constant.
    [Fact]
    public void Zones_have_their_names_and_what_is_no_temperature_is_left_out()
    {
        using SystemTree tree = new SystemTree()
            .With("sys/class/thermal/thermal_zone0/type", "AO-therm\n").With("sys/class/thermal/thermal_zone0/temp", "41000\n")
            .With("sys/class/thermal/thermal_zone1/type", "CPU-therm\n").With("sys/class/thermal/thermal_zone1/temp", "33500\n")
            .With("sys/class/thermal/thermal_zone2/type", "PMIC-Die\n").With("sys/class/thermal/thermal_zone2/temp", "100000\n")
            .With("sys/class/thermal/thermal_zone3/type", "x86_pkg_temp\n").With("sys/class/thermal/thermal_zone3/temp", "-274000\n")
            .With("sys/class/thermal/thermal_zone4/type", "CPU-therm\n").With("sys/class/thermal/thermal_zone4/temp", "36000\n")
            .With("sys/class/thermal/thermal_zone5/temp", "N/A\n");
        Assert.Equal(new Dictionary<string, double> { ["AO-therm"] = 41, ["CPU-therm"] = 33.5, ["CPU-therm (thermal_zone4)"] = 36 }, ThermalZones.Read(tree.Root));
        Assert.Equal(41, ThermalZones.Highest(tree.Root));
    }

    [Fact]
    public void Clocks_are_told_by_processor_and_in_order_of_number()
    {
        using SystemTree tree = new();
        foreach (int cpu in new[] { 0, 2, 10 }) tree.With($"sys/devices/system/cpu/cpu{cpu}/cpufreq/scaling_cur_freq", $"{(cpu + 1) * 100_000}\n");
        Assert.Equal([("cpu0", 100.0), ("cpu2", 300.0), ("cpu10", 1100.0)], CpuFrequency.Read(tree.Root).Select(cpu => (cpu.Key, cpu.Value)));
    }
}
