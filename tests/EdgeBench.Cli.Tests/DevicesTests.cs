using System.Text.Json;

namespace EdgeBench.Cli.Tests;

public sealed class DevicesTests : IDisposable
{
    private const string MyPi = """
        profile: coral-usb
        launcher: local
        cooldown: { below: 60, rest: 5s }
        tuning: { governor: performance }
        """;

    private readonly CommandLine _shell = new();

    public DevicesTests()
    {
        Directory.CreateDirectory(_shell["devices"]);
        _shell.Write("devices/my-pi.yaml", MyPi);
    }

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task The_list_shows_devices_and_profiles()
    {
        CommandResult result = await _shell.RunAsync("devices", "list");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("""
            devices
              local: through local
              my-pi: coral-usb through local, rests 5 s and waits until below 60 °C for at most 300 s, governor performance
            profiles
              arm-host           host         64-bit Arm computer

            """, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_device_file_is_told_and_hides_no_other()
    {
        _shell.Write("devices/broken.yaml", "launcher: locla");
        CommandResult result = await _shell.RunAsync("devices", "list", "--format", "json");
        Assert.Equal(2, result.ExitCode);
        JsonElement devices = JsonDocument.Parse(result.Output).RootElement.GetProperty("devices");
        Assert.Equal(["local", "broken", "my-pi"], devices.EnumerateArray().Select(device => device.GetProperty("name").GetString()));
        Assert.Contains("Did you mean 'local'?", devices[1].GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_is_shown_with_its_profile_and_every_source()
    {
        CommandResult result = await _shell.RunAsync("devices", "show", "my-pi");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("""
            my-pi: coral-usb through local, rests 5 s and waits until below 60 °C for at most 300 s, governor performance
            coral-usb: Coral USB Accelerator (accelerator)
            The agent runs on the computer that it is plugged into; runs int8 TensorFlow Lite models compiled for it only.
            Google Edge TPU (tensor, USB 3.0 (2.0 works, slower))
            figures
              accelerators.Google Edge TPU.peaks.int8.gops      4000  Coral USB Accelerator datasheet, Overview: 4 trillion operations (tera-operations) per second
            sensors
              power        a USB or wall meter. The stick itself reports neither power nor temperature.
            runtimes
              external     TensorFlow Lite with the Edge TPU delegate. Through benchmark_model with its delegate.

            """, result.Output);
    }

    [Fact]
    public async Task A_device_as_JSON_holds_what_its_file_says_and_not_how_it_is_reached()
    {
        CommandResult result = await _shell.RunAsync("devices", "show", "my-pi", "--format", "json");
        JsonElement shown = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(["version", "device", "profile_name", "profile"], shown.EnumerateObject().Select(property => property.Name));
        Assert.Equal("""{"name":"my-pi","launcher":"local","profile":"coral-usb","tier":"measured","meters":[],"cooldown":{"below":60,"rest":"00:00:05","limit":"00:05:00"},"tuning":{"governor":"performance","jetson_clocks":false}}""",
            JsonSerializer.Serialize(shown.GetProperty("device")));
        Assert.Equal(4000, shown.GetProperty("profile").GetProperty("accelerators")[0].GetProperty("peaks")[0].GetProperty("gops").GetProperty("value").GetDouble());
    }

    [Theory]
    [InlineData("my-py", "unknown device 'my-py'; expected one of local, my-pi. Did you mean 'my-pi'?")]
    [InlineData("coral-usbb", "Did you mean 'coral-usb'?")]
    public async Task A_name_that_is_none_is_told_the_nearest(string name, string words)
    {
        CommandResult result = await _shell.RunAsync("devices", "show", name);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_live_device_is_probed_through_its_agent()
    {
        CommandResult result = await _shell.RunAsync("devices", "probe", "my-pi", "--format", "json");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        JsonElement probed = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(["version", "name", "agent_version", "protocol_version", "facts", "peaks"], probed.EnumerateObject().Select(property => property.Name));
        Assert.Equal(Environment.ProcessorCount, probed.GetProperty("facts").GetProperty("cores").GetInt32());
        JsonElement[] peaks = [.. probed.GetProperty("peaks").GetProperty("figures").EnumerateArray()];
        Assert.Contains(peaks, peak => peak.GetProperty("kind").GetString() == "f32");
        Assert.All(peaks, peak => Assert.Equal(["kind", "instructions", "threads", "unit", "best", "median", "passes", "bytes"], peak.EnumerateObject().Select(property => property.Name)));
        Assert.Equal(new[] { 1, Environment.ProcessorCount }.Distinct(), peaks.Select(peak => peak.GetProperty("threads").GetInt32()).Distinct());
    }

    [Fact]
    public async Task A_device_whose_file_says_that_it_is_emulated_has_no_peaks()
    {
        _shell.Write("devices/slow.yaml", "launcher: local\ntier: emulated\n");
        CommandResult result = await _shell.RunAsync("devices", "probe", "slow");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("no peaks: the device's file says that it is emulated", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("GOP/s", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("2000")]
    public async Task Threads_that_no_probe_can_have_are_told(string threads)
    {
        CommandResult result = await _shell.RunAsync("devices", "probe", "local", "--threads", threads);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains($"--threads {threads}; expected 1 to 1024", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_installation_is_told_as_JSON_too()
    {
        // Its profile lists programs only, and 'local' starts the agent beside the command line.
        CommandResult result = await _shell.RunAsync("devices", "install", "my-pi", "--format", "json");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("""{"version":1,"name":"my-pi","backends":[]}""", JsonSerializer.Serialize(JsonDocument.Parse(result.Output).RootElement));
    }

    [Fact]
    public async Task A_runtime_that_comes_with_the_agent_is_there()
    {
        CommandResult result = await _shell.RunAsync("devices", "install", "my-pi", "--backend", "onnxruntime");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches("my-pi: onnxruntime .* is there, in .*agent", result.Output);
    }

    [Theory]
    [InlineData("llamacp", "Did you mean 'llamacpp'?")]
    [InlineData("external", "external.json")]
    public async Task A_backend_that_is_no_library_cannot_be_installed(string name, string words)
    {
        CommandResult result = await _shell.RunAsync("devices", "install", "my-pi", "--backend", name);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_tells_each_finding_with_its_remedy()
    {
        CommandResult result = await _shell.RunAsync("devices", "doctor", "local", "--format", "json");
        Assert.Equal("", result.Error);
        JsonElement told = JsonDocument.Parse(result.Output).RootElement;
        JsonElement[] findings = [.. told.GetProperty("findings").EnumerateArray()];
        string?[] checks = [.. findings.Select(finding => finding.GetProperty("check").GetString())];
        Assert.Superset((ISet<string?>)new HashSet<string?> { "clock", "disk", "memory", "governor", "throttling", "load", "sensors", "runtimes" }, checks.ToHashSet());
        Assert.Contains(findings, finding => finding.GetProperty("severity").GetString() == "good" && finding.GetProperty("check").GetString() == "clock");
        Assert.All(findings.Where(finding => finding.GetProperty("severity").GetString() is "warning" or "error" && finding.GetProperty("check").GetString() != "runtimes"),
            finding => Assert.NotEqual("", finding.GetProperty("remedy").GetString()));
    }

    [Fact]
    public async Task The_plan_says_what_belongs_to_its_devices()
    {
        _shell.Write("bench.yaml", """
            name: two
            models: { ref: random:llama-15m }
            recipes: { fp16: [] }
            backends: [llamacpp]
            devices: [local, my-pi]
            workloads: { chat: { scenario: single-stream, prompt: 8, generate: 4 }, hot: { scenario: sustained, minutes: 10 } }
            """);
        CommandResult table = await _shell.RunAsync("plan");
        Assert.Equal((0, ""), (table.ExitCode, table.Error));
        Assert.Contains("device local: through local\ndevice my-pi: coral-usb through local, rests 5 s", table.Output, StringComparison.Ordinal);
        Assert.Contains("excluded: ref/fp16/llamacpp/my-pi/hot: works for 600 s, and measure.time_limit ends it after 600 s: raise the limit", table.Output, StringComparison.Ordinal);
        CommandResult json = await _shell.RunAsync("plan", "--format", "json", "--set", "measure.time_limit=20m");
        JsonElement plan = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal("coral-usb", plan.GetProperty("devices")[1].GetProperty("profile").GetString());
        Assert.Empty(plan.GetProperty("excluded").EnumerateArray());
    }
}
