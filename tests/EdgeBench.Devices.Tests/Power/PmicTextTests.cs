using CsCheck;
using EdgeBench.Devices.Power;
using EdgeBench.Devices.Power.PiPmic;

namespace EdgeBench.Devices.Tests.Power;

public class PmicTextTests
{
    private const string WithChannels = """
           3V7_WL_SW_A current(0)=0.01000000A
             3V3_SYS_A current(1)=0.10000000A
            VDD_CORE_A current(7)=2.00000000A
           3V7_WL_SW_V volt(8)=3.70000000V
             3V3_SYS_V volt(9)=3.30000000V
            VDD_CORE_V volt(15)=0.75000000V
               EXT5V_V volt(24)=5.08530000V
                BATT_V volt(25)=0.00000000V
        """;

    // 0.037 + 0.33 + 1.5 W: of the input and the battery only the voltage is known.
    private const double Watts = 1.867;

    [Fact]
    public void Rails_are_currents_times_the_voltages_of_the_same_name() => Assert.Equal(Watts, PmicText.Watts(WithChannels)!.Value, 12);

    [Fact]
    public void The_form_without_channels_reads_the_same() =>
        Assert.Equal(Watts, PmicText.Watts("3V7_WL_SW_A=0.01A\n3V3_SYS_A=0.1A\nVDD_CORE_A=2A\r\n3V7_WL_SW_V=3.7V\n3V3_SYS_V=3.3V\nVDD_CORE_V=0.75V\nEXT5V_V=5.08V\n")!.Value, 12);

    [Theory]
    [InlineData("")]
    [InlineData("Command not registered")]
    [InlineData("EXT5V_V volt(24)=5.08530000V")]
    [InlineData("VDD_CORE_A current(7)=2.0A")]
    [InlineData("VDD_CORE_A current(7)=2.0A\nVDD_CORE_V volt(15)=0.75V\n3V3_SYS_A curr")]
    [InlineData("VDD_CORE_A current(7)=2.0A\nVDD_CORE_A current(7)=2.0A\nVDD_CORE_V volt(15)=0.75V")]
    [InlineData("VDD_CORE_A current(7)=N/AA\nVDD_CORE_V volt(15)=0.75V")]
    [InlineData("VDD_CORE_A current(7)=2.0V\nVDD_CORE_V volt(15)=0.75V")]
    public void What_is_torn_doubled_or_lacks_a_voltage_is_no_figure(string text) => Assert.Null(PmicText.Watts(text));

    [Fact]
    public void A_text_cut_anywhere_never_gives_another_figure_than_the_whole_of_its_rails() =>
        Gen.Int[0, WithChannels.Length].Sample(length => PmicText.Watts(WithChannels[..length]) is null or (> 1.8669 and < 1.8671));

    [Fact]
    public async Task The_program_is_asked_for_each_reading()
    {
        using SystemTree tree = new SystemTree().WithScript("usr/bin/vcgencmd",
            """[ "$1" = pmic_read_adc ] && printf '  VDD_CORE_A current(7)=2.0A\n  VDD_CORE_V volt(15)=0.75V\n'""");
        List<MeterReading> readings = await Meters.ReadAsync("pi-pmic", tree.Root, 3, """{"rate": 20}""");
        Assert.All(readings, reading => Assert.Equal((1.5, ReadingFlaw.None), (reading.Value, reading.Flaw)));
        Assert.Equal(readings.Select(reading => reading.At).Order(), readings.Select(reading => reading.At));
    }

    [Fact]
    public async Task A_program_that_hangs_or_floods_gives_flawed_readings_in_time()
    {
        using SystemTree tree = new SystemTree().WithScript("usr/bin/vcgencmd",
            """
            if [ -e "$0.hang" ]; then exec sleep 60; fi
            if [ -e "$0.flood" ]; then exec yes; fi
            printf 'VDD_CORE_A current(7)=2.0A\nVDD_CORE_V volt(15)=0.75V\n'
            """);
        await using IMeterSession session = await Meters.OpenAsync("pi-pmic", tree.Root);
        tree.With("usr/bin/vcgencmd.flood", "");
        Assert.Equal(ReadingFlaw.Unreadable, (await Meters.TakeAsync(session, 1))[0].Flaw);
        tree.With("usr/bin/vcgencmd.hang", "");
        double before = MeterClock.Now;
        Assert.Contains("does not answer", await Meters.RefusalAsync("pi-pmic", tree.Root), StringComparison.Ordinal);
        Assert.InRange(MeterClock.Now - before, 0.9, 5);
    }

    [Fact]
    public async Task Without_the_program_the_package_is_named()
    {
        using SystemTree tree = new();
        Assert.Contains("raspi-utils", await Meters.RefusalAsync("pi-pmic", tree.Root), StringComparison.Ordinal);
    }
}
