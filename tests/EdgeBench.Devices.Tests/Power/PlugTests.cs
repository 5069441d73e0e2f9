using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power;

namespace EdgeBench.Devices.Tests.Power;

public class PlugTests
{
    private const string NewShelly = """
        {"id":0,"source":"init","output":true,"apower":8.9,"voltage":237.5,"freq":50.0,"current":0.077,
         "aenergy":{"total":6.532,"by_minute":[45.199,47.141,88.397],"minute_ts":1626935779},"temperature":{"tC":23.5,"tF":74.4}}
        """;

    private const string OldShelly = """
        {"wifi_sta":{"connected":true},"relays":[{"ison":true}],"meters":[{"power":12.34,"overpower":0.0,"is_valid":true,"timestamp":1,"counters":[1,2,3],"total":600}]}
        """;

    private const string TasmotaAnswer = """
        {"StatusSNS":{"Time":"2024-05-01T12:00:00","ENERGY":{"TotalStartTime":"2023-01-01T00:00:00","Total":25.303,"Power":17,"ApparentPower":28,"Factor":0.61,"Voltage":234,"Current":0.12}}}
        """;

    [Fact]
    public async Task A_Shelly_of_the_second_generation_tells_its_power()
    {
        using PlugServer plug = new(path => path == "/rpc/Switch.GetStatus?id=0" ? NewShelly : null);
        await using IMeterSession session = await Meters.OpenAsync("shelly", SystemRoot.Real, $$"""{"address": "{{plug.Address}}", "rate": 20}""");
        Assert.Equal(EnergyBoundary.Wall, session.Description.Boundary);
        Assert.All(await Meters.TakeAsync(session, 3), reading => Assert.Equal((8.9, ReadingFlaw.None), (reading.Value, reading.Flaw)));
    }

    [Fact]
    public async Task A_Shelly_of_the_first_generation_is_found_by_its_status()
    {
        using PlugServer plug = new(path => path == "/status" ? OldShelly : null);
        Assert.Equal(12.34, await Meters.WattsAsync("shelly", SystemRoot.Real, $$"""{"address": "{{plug.Address}}"}"""));
        Assert.Contains("no Shelly plug that measures", await Meters.RefusalAsync("shelly", SystemRoot.Real, $$"""{"address": "{{plug.Address}}", "channel": 1}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Shelly_that_says_its_meter_is_not_valid_is_not_read()
    {
        string text = OldShelly;
        using PlugServer plug = new(path => path == "/status" ? text : null);
        await using IMeterSession session = await Meters.OpenAsync("shelly", SystemRoot.Real, $$"""{"address": "{{plug.Address}}", "rate": 20}""");
        text = text.Replace("\"is_valid\":true", "\"is_valid\":false", StringComparison.Ordinal);
        Assert.Equal(ReadingFlaw.Unreadable, (await Meters.TakeAsync(session, 1))[0].Flaw);
    }

    [Theory]
    [InlineData(true, "total\":6.532", "total\":6.542", 36)]
    [InlineData(false, "total\":600", "total\":602", 120)]
    public async Task A_Shellys_counter_is_joules_since_the_first_reading(bool second, string before, string after, double joules)
    {
        string text = second ? NewShelly : OldShelly;
        using PlugServer plug = new(path => path.StartsWith("/rpc", StringComparison.Ordinal) == second ? text : null);
        await using IMeterSession session = await Meters.OpenAsync("shelly", SystemRoot.Real, $$"""{"address": "{{plug.Address}}", "rate": 20, "reading": "energy"}""");
        Assert.Equal(MeterKind.Energy, session.Description.Kind);
        Task<List<MeterReading>> reading = Meters.TakeAsync(session, 6);
        await Task.Delay(80, TestContext.Current.CancellationToken);
        text = text.Replace(before, after, StringComparison.Ordinal);
        Assert.Equal(joules, (await reading)[^1].Value, 6);
    }

    [Fact]
    public async Task A_counter_that_was_cleared_is_a_reset()
    {
        string text = NewShelly;
        using PlugServer plug = new(path => path.StartsWith("/rpc", StringComparison.Ordinal) ? text : null);
        await using IMeterSession session = await Meters.OpenAsync("shelly", SystemRoot.Real, $$"""{"address": "{{plug.Address}}", "rate": 20, "reading": "energy"}""");
        Task<List<MeterReading>> reading = Meters.TakeAsync(session, 6);
        await Task.Delay(80, TestContext.Current.CancellationToken);
        text = text.Replace("6.532", "0.001", StringComparison.Ordinal);
        Assert.Single(await reading, one => one.Flaw == ReadingFlaw.Reset);
    }

    [Fact]
    public async Task A_Tasmota_plug_answers_its_console()
    {
        using PlugServer plug = new(path => path == "/cm?cmnd=Status%208" ? TasmotaAnswer : null);
        Assert.Equal(17, await Meters.WattsAsync("tasmota", SystemRoot.Real, $$"""{"address": "{{plug.Address}}"}"""));
        Assert.All(plug.Asked, path => Assert.Equal("/cm?cmnd=Status%208", path));
    }

    [Fact]
    public async Task Of_several_channels_the_one_asked_for_is_read()
    {
        using PlugServer plug = new(_ => """{"StatusSNS":{"ENERGY":{"Power":[4,17.5]}}}""");
        Assert.Equal(17.5, await Meters.WattsAsync("tasmota", SystemRoot.Real, $$"""{"address": "{{plug.Address}}", "channel": 1}"""));
        Assert.Contains("no Tasmota plug that measures", await Meters.RefusalAsync("tasmota", SystemRoot.Real, $$"""{"address": "{{plug.Address}}", "channel": 2}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"StatusSNS\":3}")]
    [InlineData("{\"StatusSNS\":{\"ENERGY\":[]}}")]
    [InlineData("{\"StatusSNS\":{\"ENERGY\":{\"Power\":\"17\"}}}")]
    [InlineData("{\"StatusSNS\":{\"ENERGY\":{\"Power\":17}")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[")]
    public async Task A_plug_that_talks_nonsense_is_unreadable_and_read_again(string nonsense)
    {
        string text = TasmotaAnswer;
        using PlugServer plug = new(_ => text);
        await using IMeterSession session = await Meters.OpenAsync("tasmota", SystemRoot.Real, $$"""{"address": "{{plug.Address}}", "rate": 50}""");
        text = nonsense;
        Task<List<MeterReading>> reading = Meters.TakeAsync(session, 6);
        while (plug.Asked.Count < 4) await Task.Delay(5, TestContext.Current.CancellationToken);
        text = TasmotaAnswer;
        List<MeterReading> readings = await reading;
        Assert.Equal(ReadingFlaw.Unreadable, readings[0].Flaw);
        Assert.Equal((17, ReadingFlaw.None), (readings[^1].Value, readings[^1].Flaw));
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        using PlugServer plug = new(_ => $"{{\"pad\":\"{new string('x', 200_000)}\",\"apower\":1}}");
        Assert.Contains("no Shelly plug", await Meters.RefusalAsync("shelly", SystemRoot.Real, $$"""{"address": "{{plug.Address}}"}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.168.1.20", "is no address")]
    [InlineData("file:///etc/passwd", "is no address")]
    [InlineData("http://user:secret@plug", "holds a password")]
    public async Task An_address_that_is_none_or_holds_a_password_is_refused(string address, string words)
    {
        string refusal = await Meters.RefusalAsync("shelly", SystemRoot.Real, $$"""{"address": "{{address}}"}""");
        Assert.Contains(words, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"address": "http://127.0.0.1:1", "broker": "127.0.0.1"}""")]
    public async Task Tasmota_wants_one_way_and_not_two(string options) =>
        Assert.Contains("either 'address' or 'broker'", await Meters.RefusalAsync("tasmota", SystemRoot.Real, options), StringComparison.Ordinal);
}
