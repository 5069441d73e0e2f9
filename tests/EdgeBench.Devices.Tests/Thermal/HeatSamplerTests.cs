using System.Diagnostics;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Sensors;
using EdgeBench.Devices.Thermal;

namespace EdgeBench.Devices.Tests.Thermal;

public class HeatSamplerTests
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task Temperature_and_clocks_are_read_while_it_runs_with_times_from_the_trials_start()
    {
        using SystemTree tree = new SystemTree()
            .With("sys/class/thermal/thermal_zone0/temp", "50000\n").With("sys/class/thermal/thermal_zone1/temp", "61500\n")
            .With("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "2400000\n").With("sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq", "1200000\n");
        long started = Stopwatch.GetTimestamp();
        HeatSampler sampler = HeatSampler.Start(tree.Root, ConditionSnapshot.Take(tree.Root), s_period);
        await Task.Delay(150, TestContext.Current.CancellationToken);
        HeatReadings heat = await sampler.StopAsync(started);
        double end = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Assert.Equal(["temperature_c", "clock_mhz", "clock_mean_mhz"], heat.Series.Select(series => series.Metric));
        Assert.Equal([61.5, 2400, 1800], heat.Series.Select(series => series.Values.Distinct().Single()));
        foreach (Series series in heat.Series)
        {
            Assert.InRange(series.Values.Length, 2, 16);
            Assert.All(series.At, at => Assert.InRange(at, 0, end));
            Assert.Equal(series.At.Order(), series.At);
            Assert.Equal(series.Values.Length, series.Repetition.Length);
        }
        Assert.Null(heat.Bits);
    }

    [Fact]
    public async Task A_device_without_sensors_has_no_series()
    {
        using SystemTree tree = new();
        HeatSampler sampler = HeatSampler.Start(tree.Root, ConditionSnapshot.Take(tree.Root), s_period);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Empty((await sampler.StopAsync(Stopwatch.GetTimestamp())).Series);
    }

    [Fact]
    public async Task Bits_that_cannot_tell_afterwards_are_looked_at_meanwhile()
    {
        using SystemTree tree = new SystemTree().WithTool("vcgencmd", "echo throttled=0x40004");
        ConditionSnapshot before = ConditionSnapshot.Take(tree.Root);
        HeatSampler sampler = HeatSampler.Start(tree.Root, before, s_period);
        await Task.Delay(400, TestContext.Current.CancellationToken);
        Assert.Equal(0b0100, (await sampler.StopAsync(0)).Bits);
    }
}
