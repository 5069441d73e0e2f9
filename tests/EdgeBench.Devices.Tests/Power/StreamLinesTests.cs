using CsCheck;
using EdgeBench.Devices.Power;
using EdgeBench.Devices.Power.Streams;
using EdgeBench.Devices.Power.Tools;

namespace EdgeBench.Devices.Tests.Power;

public class StreamLinesTests
{
    [Fact]
    public void The_Power_Profilers_table_is_microamperes_at_milliseconds()
    {
        StreamLines lines = new(new Ppk2Options { Volts = 5 });
        Assert.Null(lines.Read("PPK2 on /dev/ttyACM0", 100));
        Assert.Null(lines.Read("Timestamp(ms),Current(uA),D0-D7", 100));
        Assert.Equal(new MeterReading(100, 0.5), lines.Read("0.0,100000.0,00000000", 100));
        // Its own clock counts, however late the line arrives.
        MeterReading second = lines.Read("250.0,200000.0,00000000", 107)!.Value;
        Assert.Equal((100.25, 1.0), (second.At, second.Value));
    }

    [Fact]
    public void A_Joulescopes_statistics_are_json()
    {
        StreamLines lines = new(new JoulescopeOptions());
        MeterReading? reading = lines.Read("""{"time": {}, "signals": {"current": {"avg": {"value": 0.4, "units": "A"}}, "power": {"avg": {"value": 2.1, "units": "W"}}}}""", 5);
        Assert.Equal(new MeterReading(5, 2.1), reading);
    }

    [Fact]
    public void Fields_are_read_in_their_units()
    {
        StreamLines lines = new(new JoulescopeOptions
        {
            Power = null,
            Current = "i",
            CurrentUnit = StreamCurrentUnit.Milliampere,
            Voltage = "v",
            VoltageUnit = StreamVoltageUnit.Millivolt,
            Time = "t",
            TimeUnit = StreamTimeUnit.Microsecond,
        });
        lines.Read("# t; i; v", 0);
        Assert.Equal(6, lines.Read("1000000;1500;4000", 10)!.Value.Value, 9);
        Assert.Equal(11, lines.Read("2000000;1500;4000", 20)!.Value.At, 9);
    }

    [Theory]
    [InlineData("0.0,100000.0", ReadingFlaw.Unreadable)]
    [InlineData("0.0,,00000000", ReadingFlaw.Unreadable)]
    [InlineData("0.0,nan,00000000", ReadingFlaw.NotANumber)]
    [InlineData("0.0,-20,00000000", ReadingFlaw.Negative)]
    [InlineData("0.0,1e300,00000000", ReadingFlaw.NotANumber)]
    [InlineData("NaN,100,00000000", ReadingFlaw.Unreadable)]
    [InlineData("{\"Current(uA)\": \"100\"}", ReadingFlaw.Unreadable)]
    [InlineData("{\"Current(uA)\": 1", ReadingFlaw.Unreadable)]
    public void Torn_and_senseless_lines_are_flawed_readings(string line, ReadingFlaw flaw)
    {
        StreamLines lines = new(new Ppk2Options { Volts = 5 });
        lines.Read("Timestamp(ms),Current(uA),D0-D7", 0);
        Assert.Equal(flaw, lines.Read(line, 1)!.Value.Flaw);
    }

    [Fact]
    public void No_line_makes_a_reading_below_zero_or_not_finite() => Gen.String[Gen.Char[" 0123456789.,-+eE{}\":naNI"], 0, 60].Sample(text =>
    {
        StreamLines lines = new(new Ppk2Options { Volts = 5, Time = null });
        lines.Read("Timestamp(ms),Current(uA)", 0);
        return lines.Read(text, 1) is not { IsUsable: true } reading || (double.IsFinite(reading.Value) && reading.Value >= 0);
    });

    [Theory]
    [InlineData("ppk2", """{}""", "'current' stands without 'voltage' or 'volts'")]
    [InlineData("joulescope", """{"power": null}""", "neither 'power' nor 'current'")]
    [InlineData("joulescope", """{"program": ""}""", "'program' is empty")]
    public async Task Options_without_a_way_to_power_are_refused(string meter, string options, string words) =>
        Assert.Contains(words, await Meters.RefusalAsync(meter, SystemRoot.Real, options), StringComparison.Ordinal);

    [Fact]
    public async Task Fast_instruments_are_averaged_and_lose_nothing()
    {
        using SystemTree tree = new SystemTree().WithScript("tool", "exec awk 'BEGIN { print \"t,i\"; for (k = 0; k < 5000; k++) print k / 1000 \",\" (k % 2 ? 0.3 : 0.1) }'");
        StreamLines lines = new(new JoulescopeOptions { Power = null, Current = "i", Volts = 10, Time = "t" });
        MeterDescription description = new(MeterKind.Power, Core.Metrics.EnergyBoundary.Board, "test");
        await using IMeterSession session = Tool.Stream(description, Path.Combine(tree.Root.Folder, "tool"), [], 0.1, lines.Read);
        List<MeterReading> readings = await Meters.TakeAsync(session, 49);
        Assert.All(readings, reading => Assert.InRange(reading.Value, 1.97, 2.03));
        Assert.All(readings.Zip(readings.Skip(1)), pair => Assert.InRange(pair.Second.At - pair.First.At, 0.09, 0.11));
    }
}
