using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power;

namespace EdgeBench.Devices.Tests.Power;

public class HwmonMeterTests
{
    private static SystemTree Chip(SystemTree tree, string hwmon, string name, params (string File, string Text)[] files)
    {
        tree.With($"sys/class/hwmon/{hwmon}/name", $"{name}\n");
        foreach ((string file, string text) in files) tree.With($"sys/class/hwmon/{hwmon}/{file}", text);
        return tree;
    }

    [Fact]
    public async Task An_INA260_shows_microwatts()
    {
        using SystemTree tree = Chip(Chip(new SystemTree(), "hwmon0", "coretemp", ("temp1_input", "40000\n")), "hwmon1", "ina260", ("power1_input", "4210000\n"), ("in1_input", "1\n"));
        await using IMeterSession session = await Meters.OpenAsync("hwmon", tree.Root);
        Assert.Equal((EnergyBoundary.Board, "ina260 at hwmon1, channel 1"), (session.Description.Boundary, session.Description.Source));
        Assert.Equal(4.21, (await Meters.TakeAsync(session, 1))[0].Value, 9);
    }

    [Fact]
    public async Task A_chip_without_a_power_register_is_read_as_voltage_times_current()
    {
        using SystemTree tree = Chip(new SystemTree(), "hwmon1", "ina219", ("in1_input", "5080\n"), ("curr1_input", "750\n"));
        await using IMeterSession session = await Meters.OpenAsync("hwmon", tree.Root, """{"boundary": "rail"}""");
        Assert.Equal(EnergyBoundary.Rail, session.Description.Boundary);
        Assert.Equal(3.81, (await Meters.TakeAsync(session, 1))[0].Value, 9);
    }

    [Fact]
    public async Task Of_two_chips_one_must_be_named()
    {
        using SystemTree tree = Chip(Chip(new SystemTree(), "hwmon1", "ina226", ("power1_input", "1000000\n")), "hwmon2", "ina226", ("power1_input", "2000000\n"));
        Assert.Contains("2 chips fit power monitor: hwmon1 (ina226), hwmon2 (ina226)", await Meters.RefusalAsync("hwmon", tree.Root), StringComparison.Ordinal);
        Assert.Equal(2, await Meters.WattsAsync("hwmon", tree.Root, """{"device": "hwmon2"}"""));
        Assert.Contains("no ina219 at hwmon2", await Meters.RefusalAsync("hwmon", tree.Root, """{"chip": "ina219", "device": "hwmon2"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_battery_or_graphics_card_is_not_taken_for_a_power_monitor()
    {
        using SystemTree tree = Chip(new SystemTree(), "hwmon1", "amdgpu", ("power1_input", "31000000\n"));
        Assert.Contains("found: hwmon1 (amdgpu)", await Meters.RefusalAsync("hwmon", tree.Root), StringComparison.Ordinal);
        Assert.Equal(31, await Meters.WattsAsync("hwmon", tree.Root, """{"chip": "amdgpu"}"""));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("99999999999999999999999")]
    public async Task A_register_without_a_number_is_refused(string text)
    {
        using SystemTree tree = Chip(new SystemTree(), "hwmon1", "ina226", ("power1_input", text));
        Assert.Contains("shows neither power1_input nor", await Meters.RefusalAsync("hwmon", tree.Root), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Power_beyond_belief_is_no_reading()
    {
        using SystemTree tree = Chip(new SystemTree(), "hwmon1", "ina226", ("power1_input", "9223372036854775807"));
        Assert.Equal(ReadingFlaw.NotANumber, (await Meters.ReadAsync("hwmon", tree.Root, 1))[0].Flaw);
    }
}
