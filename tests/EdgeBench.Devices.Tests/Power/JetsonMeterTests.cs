using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power;

namespace EdgeBench.Devices.Tests.Power;

public class JetsonMeterTests
{
    // Jetson Nano, JetPack 4: mW as its driver computes them.
    private static SystemTree JetPack4()
    {
        const string Folder = "sys/bus/i2c/drivers/ina3221x/6-0040/iio:device0";
        return new SystemTree().With("sys/bus/i2c/drivers/ina3221x/bind", "")
            .With($"{Folder}/rail_name_0", "POM_5V_IN\n").With($"{Folder}/in_power0_input", "2532\n").With($"{Folder}/in_voltage0_input", "5064\n").With($"{Folder}/in_current0_input", "500\n")
            .With($"{Folder}/rail_name_1", "POM_5V_GPU\n").With($"{Folder}/in_power1_input", "121\n")
            .With($"{Folder}/rail_name_2", "POM_5V_CPU\n").With($"{Folder}/in_power2_input", "809\n");
    }

    private static SystemTree Ina3221(SystemTree tree, string hwmon, params (string Label, int Millivolts, int Milliamperes)[] channels)
    {
        string folder = $"sys/class/hwmon/{hwmon}";
        tree.With($"{folder}/name", "ina3221\n");
        for (int i = 0; i < channels.Length; i++)
        {
            if (channels[i].Label.Length > 0) tree.With($"{folder}/in{i + 1}_label", $"{channels[i].Label}\n");
            tree.With($"{folder}/in{i + 1}_input", $"{channels[i].Millivolts}\n").With($"{folder}/curr{i + 1}_input", $"{channels[i].Milliamperes}\n");
        }
        // The chip's own sum of shunts is no rail.
        return tree.With($"{folder}/in7_label", "sum of shunt voltages\n").With($"{folder}/curr4_input", "9999\n");
    }

    // Orin Nano, JetPack 5 and 6.
    private static SystemTree OrinNano() => Ina3221(
        new SystemTree().With("sys/class/hwmon/hwmon0/name", "tmp451\n"), "hwmon1", ("VDD_IN", 4976, 1100), ("VDD_CPU_GPU_CV", 4976, 300), ("VDD_SOC", 4976, 250));

    private static SystemTree AgxOrin() => Ina3221(Ina3221(new SystemTree(), "hwmon3", ("VDD_GPU_SOC", 12000, 300), ("VDD_CPU_CV", 12000, 100), ("VIN_SYS_5V0", 5000, 900)),
        "hwmon4", ("NC", 0, 0), ("VDDQ_VDD2_1V8AO", 5000, 200), ("", 0, 0));

    private static SystemTree Thor() => Ina3221(new SystemTree(), "hwmon2", ("VDD_GPU", 20000, 0), ("VDD_CPU_SOC_MSS", 20000, 320), ("VIN_SYS_5V0", 5000, 1300))
        .With("sys/class/hwmon/hwmon5/name", "ina238\n").With("sys/class/hwmon/hwmon5/in1_input", "20016\n")
        .With("sys/class/hwmon/hwmon5/curr1_input", "1150\n").With("sys/class/hwmon/hwmon5/power1_input", "23000000\n");

    public static TheoryData<string, double, EnergyBoundary, string> Boards => new()
    {
        { "JetPack 4", 2.532, EnergyBoundary.Board, "POM_5V_IN (" },
        { "Orin Nano", 5.4736, EnergyBoundary.Board, "VDD_IN (" },
        // 3.6 + 1.2 + 4.5 W; VDDQ_VDD2_1V8AO is fed by VIN_SYS_5V0 and not added.
        { "AGX Orin", 9.3, EnergyBoundary.Rail, "VDD_GPU_SOC + VDD_CPU_CV + VIN_SYS_5V0 (" },
        { "Thor", 23, EnergyBoundary.Board, "VIN (" },
    };

    [Theory]
    [MemberData(nameof(Boards))]
    public async Task The_total_is_read_and_no_rail_that_it_feeds_is_added(string board, double watts, EnergyBoundary boundary, string source)
    {
        using SystemTree tree = board switch
        {
            "JetPack 4" => JetPack4(),
            "Orin Nano" => OrinNano(),
            "AGX Orin" => AgxOrin(),
            _ => Thor(),
        };
        await using IMeterSession session = await Meters.OpenAsync("jetson", tree.Root);
        Assert.Equal((MeterKind.Power, boundary), (session.Description.Kind, session.Description.Boundary));
        Assert.StartsWith(source, session.Description.Source, StringComparison.Ordinal);
        MeterReading reading = (await Meters.TakeAsync(session, 1))[0];
        Assert.Equal(ReadingFlaw.None, reading.Flaw);
        Assert.Equal(watts, reading.Value, 9);
    }

    [Fact]
    public async Task A_board_whose_total_is_not_known_is_refused_with_its_rails()
    {
        using SystemTree tree = Ina3221(new SystemTree(), "hwmon1", ("VDD_A", 5000, 100), ("VDD_B", 5000, 200));
        string refusal = await Meters.RefusalAsync("jetson", tree.Root);
        Assert.Contains("(found: VDD_A, VDD_B)", refusal, StringComparison.Ordinal);
        Assert.Equal(1.5, await Meters.WattsAsync("jetson", tree.Root, """{"rails": ["VDD_A", "VDD_B"]}"""), 9);
        foreach (string rails in new[] { """["VDD_C"]""", """["VDD_A", "VDD_A"]""" })
            Assert.Contains("is not there exactly once", await Meters.RefusalAsync("jetson", tree.Root, $$"""{"rails": {{rails}}}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rail_that_stops_answering_makes_the_sum_unreadable_and_not_smaller()
    {
        using SystemTree tree = AgxOrin();
        await using IMeterSession session = await Meters.OpenAsync("jetson", tree.Root, """{"rate": 20}""");
        Task<List<MeterReading>> reading = Meters.TakeAsync(session, 6);
        await Task.Delay(80, TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(tree.Root.Folder, "sys/class/hwmon/hwmon3/curr2_input"));
        Assert.Equal(ReadingFlaw.Unreadable, (await reading)[^1].Flaw);
    }

    [Fact]
    public async Task A_current_below_zero_is_no_reading()
    {
        using SystemTree tree = OrinNano().With("sys/class/hwmon/hwmon1/curr1_input", "-40\n");
        Assert.Equal(ReadingFlaw.Negative, (await Meters.ReadAsync("jetson", tree.Root, 1))[0].Flaw);
    }
}
