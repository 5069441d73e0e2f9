using EdgeBench.Core.Configuration;
using EdgeBench.Devices.Thermal;

namespace EdgeBench.Devices.Tests.Thermal;

public class CooldownGateTests
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(5);

    private static Task<Cooldown> Wait(SystemTree tree, CooldownSpec spec) => CooldownGate.WaitAsync(tree.Root, spec, s_poll, TestContext.Current.CancellationToken);

    private static SystemTree At(int millidegrees) => new SystemTree().With("sys/class/thermal/thermal_zone0/temp", $"{millidegrees}\n");

    [Fact]
    public async Task A_cool_device_waits_for_nothing()
    {
        using SystemTree tree = At(59_900);
        Cooldown cooldown = await Wait(tree, new CooldownSpec { Below = 60 });
        Assert.InRange(cooldown.Seconds, 0, 1);
        Assert.Equal((59.9, false, null), (cooldown.Celsius, cooldown.Exceeded, cooldown.NotApplied));
    }

    [Fact]
    public async Task A_hot_device_waits_until_it_is_cool()
    {
        using SystemTree tree = At(80_000);
        Task<Cooldown> waiting = Wait(tree, new CooldownSpec { Below = 60, Limit = TimeSpan.FromSeconds(20) });
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        // For a moment the zone cannot be read.
        tree.With("sys/class/thermal/thermal_zone0/temp", "");
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        tree.With("sys/class/thermal/thermal_zone0/temp", "45000\n");
        Cooldown cooldown = await waiting;
        Assert.InRange(cooldown.Seconds, 0.07, 15);
        Assert.Equal((45, false), (cooldown.Celsius, cooldown.Exceeded));
    }

    [Fact]
    public async Task A_device_that_stays_hot_is_told_when_the_limit_passes()
    {
        using SystemTree tree = At(80_000);
        Cooldown cooldown = await Wait(tree, new CooldownSpec { Below = 60, Limit = TimeSpan.FromMilliseconds(50) });
        Assert.Equal((80, true), (cooldown.Celsius, cooldown.Exceeded));
        Assert.InRange(cooldown.Seconds, 0.035, 10);
    }

    [Fact]
    public async Task A_rest_is_a_rest_without_any_sensor()
    {
        using SystemTree tree = new();
        Cooldown cooldown = await Wait(tree, new CooldownSpec { Rest = TimeSpan.FromMilliseconds(60) });
        // Timers go by a clock of some milliseconds.
        Assert.InRange(cooldown.Seconds, 0.04, 10);
        Assert.Null(cooldown.NotApplied);
    }

    [Fact]
    public async Task A_temperature_that_nobody_reads_is_not_waited_for_in_silence()
    {
        using SystemTree tree = new();
        Cooldown cooldown = await Wait(tree, new CooldownSpec { Below = 60 });
        Assert.Contains("the device shows no temperature", cooldown.NotApplied, StringComparison.Ordinal);
        Assert.False(cooldown.Exceeded);
    }
}
