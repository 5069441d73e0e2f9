using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Configuration;
using EdgeBench.Testing;

namespace EdgeBench.Running.Tests.Configuration.Devices;

public sealed record FakeSsh
{
    [Description("Name or address.")]
    public required string Host { get; init; }

    [Range(1, 65535)]
    public int Port { get; init; } = 22;

    public IReadOnlyList<string> Options { get; init; } = [];
}

public sealed record FakeRapl
{
    public TimeSpan Baseline { get; init; } = TimeSpan.FromSeconds(2);
}

public sealed class DeviceFileTests : IDisposable
{
    private static readonly ConfigurationVocabulary s_vocabulary = FakeVocabulary.Instance with
    {
        Launchers = new Dictionary<string, Type?> { ["local"] = null, ["ssh"] = typeof(FakeSsh) },
        Meters = new Dictionary<string, Type?> { ["rapl"] = typeof(FakeRapl), ["plain"] = null },
        Profiles = ["raspberry-pi-4", "raspberry-pi-5"],
    };

    private const string Whole = """
        profile: raspberry-pi-5
        launcher: { ssh: { host: pi.local } }
        meters: [rapl, { rapl: { baseline: 3s } }, plain]
        cooldown: { below: 60, rest: 5s }
        tuning: { governor: performance }
        tier: emulated
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_name_stands_for_its_file()
    {
        DeviceSpec device = Assert.Single(Devices("[my-pi]", ("devices/my-pi.yaml", Whole)));
        Assert.Equal(("my-pi", "ssh", "raspberry-pi-5", Tier.Emulated), (device.Name, device.Launcher, device.Profile, device.Tier));
        Assert.Equal("""{"host":"pi.local","options":[],"port":22}""", device.LauncherOptions?.GetRawText());
        Assert.Equal(["rapl", "rapl", "plain"], device.Meters.Select(meter => meter.Type));
        Assert.Equal(["""{"baseline":"00:00:02"}""", """{"baseline":"00:00:03"}""", "{}"], device.Meters.Select(meter => meter.Options.GetRawText()));
        Assert.Equal(new CooldownSpec { Below = 60, Rest = TimeSpan.FromSeconds(5) }, device.Cooldown);
        Assert.Equal(new TuningSpec { Governor = "performance" }, device.Tuning);
    }

    [Fact]
    public void A_path_stands_for_its_file_too() =>
        Assert.Equal("lab-pi", Assert.Single(Devices("[boards/lab-pi.yaml]", ("boards/lab-pi.yaml", "launcher: local"))).Name);

    [Fact]
    public void A_map_describes_devices_in_place_and_takes_files_and_this_machine()
    {
        List<DeviceSpec> devices = Devices("{ local: , my-pi: , other: { launcher: { ssh: { host: x } } } }", ("devices/my-pi.yaml", Whole));
        Assert.Equal([("local", "local"), ("my-pi", "ssh"), ("other", "ssh")], devices.Select(device => (device.Name, device.Launcher)));
        Assert.Equal(new DeviceSpec("local"), devices[0]);
    }

    [Fact]
    public void This_machine_may_have_meters_without_naming_a_launcher()
    {
        DeviceSpec local = Assert.Single(Devices("{ local: { meters: [rapl] } }"));
        Assert.Equal(("local", "rapl"), (local.Launcher, Assert.Single(local.Meters).Type));
    }

    [Fact]
    public void A_device_in_an_override_is_read_as_in_the_file()
    {
        BenchConfiguration bench = BenchFile.Parse(FakeVocabulary.Minimal, _folder.File("bench.yaml"), ["devices={ x: { launcher: { ssh: { host: h } } } }"], s_vocabulary);
        Assert.Equal("ssh", Assert.Single(bench.Devices).Launcher);
    }

    [Fact]
    public void How_a_device_is_reached_is_not_written_with_the_configuration()
    {
        string json = EdgeBenchJson.Serialize(Devices("[my-pi]", ("devices/my-pi.yaml", Whole)));
        Assert.DoesNotContain("pi.local", json, StringComparison.Ordinal);
        Assert.Contains("\"launcher\":\"ssh\"", json, StringComparison.Ordinal);
        Assert.Contains("raspberry-pi-5", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("launcher: { ssh: { host: pi.local } }", "launcher: { shs: { host: pi.local } }", 2, "launcher", "Did you mean 'ssh'?")]
    [InlineData("launcher: { ssh: { host: pi.local } }", "launcher: ssh", 2, "launcher.ssh", "no 'host'")]
    [InlineData("host: pi.local", "host: pi.local, prot: 22", 2, "launcher.ssh.prot", "Did you mean 'port'?")]
    [InlineData("host: pi.local", "host: pi.local, port: 70000", 2, "launcher.ssh.port", "from 1 to 65535")]
    [InlineData("launcher: { ssh: { host: pi.local } }", "launcher: { local: { host: x } }", 2, "launcher.local", "takes no options")]
    [InlineData("launcher: { ssh: { host: pi.local } }", "# none", 1, null, "without 'launcher'")]
    [InlineData("profile: raspberry-pi-5", "profile: rasberry-pi-5", 1, "profile", "Did you mean 'raspberry-pi-5'?")]
    [InlineData("[rapl, { rapl: { baseline: 3s } }, plain]", "rapl", 3, "meters", "a list of at most 16 meters")]
    [InlineData("[rapl, { rapl: { baseline: 3s } }, plain]", "[rapl, rapl]", 3, "meters[1]", "duplicate meter 'rapl'")]
    [InlineData("[rapl, { rapl: { baseline: 3s } }, plain]", "[rappl]", 3, "meters[0]", "Did you mean 'rapl'?")]
    [InlineData("[rapl, { rapl: { baseline: 3s } }, plain]", "[{ rapl: { baseline: 3 } }]", 3, "meters[0].rapl.baseline", "Add the unit: 3s.")]
    [InlineData("cooldown: { below: 60, rest: 5s }", "cooldown: {}", 4, "cooldown", "waits for nothing")]
    [InlineData("cooldown: { below: 60, rest: 5s }", "cooldown: { below: 60, rest: 6m }", 4, "cooldown", "rest of 360s above limit of 300s")]
    [InlineData("governor: performance", "governor: ../../x", 5, "tuning.governor", "a governor's name")]
    [InlineData("tuning: { governor: performance }", "tuning: { jetson_clocks: false }", 5, "tuning", "sets nothing")]
    [InlineData("tier: emulated", "tier: simulated", 6, "tier", "one of measured, emulated")]
    [InlineData("tier: emulated", "teir: emulated", 6, "teir", "Did you mean 'tier'?")]
    public void What_is_wrong_in_a_device_file_is_named_with_its_file_and_line(string good, string bad, int line, string? path, string words)
    {
        Assert.Contains(good, Whole, StringComparison.Ordinal);
        Problem problem = Assert.Single(ProblemsOf("[my-pi]", ("devices/my-pi.yaml", Whole.Replace(good, bad, StringComparison.Ordinal))));
        Assert.EndsWith(Path.Combine("devices", "my-pi.yaml"), problem.File, StringComparison.Ordinal);
        Assert.Equal((line, path), (problem.Line, problem.Path));
        Assert.Contains(words, problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[my-py]", "devices[0]", "Did you mean 'my-pi'?")]
    [InlineData("[raspberry-pi-5]", "devices[0]", "That is a profile: write devices/my-raspberry-pi-5.yaml")]
    [InlineData("[moon]", "devices[0]", "devices/moon.yaml")]
    [InlineData("[boards/moon.yaml]", "devices[0]", "unknown device 'boards/moon.yaml'")]
    [InlineData("[../secret]", "devices[0]", "a name of 1 to 64 letters")]
    [InlineData("[my-pi, my-pi]", "devices[1]", "duplicate device 'my-pi'")]
    [InlineData("[my-pi, devices/my-pi.yaml]", "devices[1]", "duplicate device 'my-pi'")]
    [InlineData("[{ my-pi: }]", "devices[0]", "write the section as a map from names")]
    [InlineData("my-pi", "devices", "a list of devices")]
    [InlineData("{}", "devices", "an empty map")]
    [InlineData("[]", "devices", "an empty list")]
    [InlineData("{ x: { } }", "devices.x", "without 'launcher'")]
    [InlineData("{ x: 3 }", "devices.x", "a map of what belongs to a device")]
    public void What_is_wrong_in_the_section_is_named(string section, string path, string words)
    {
        Problem problem = Assert.Single(ProblemsOf(section, ("devices/my-pi.yaml", Whole)));
        Assert.Equal(path, problem.Path);
        Assert.Contains(words, problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cannot_pass_for_this_machine() =>
        Assert.Contains("a name other than 'local'", Assert.Single(ProblemsOf("[devices/local.yaml]", ("devices/local.yaml", "launcher: local"))).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Broken_YAML_in_a_device_file_is_one_problem_with_its_file()
    {
        Problem problem = Assert.Single(ProblemsOf("[my-pi]", ("devices/my-pi.yaml", "launcher: {")));
        Assert.EndsWith("my-pi.yaml", problem.File, StringComparison.Ordinal);
        Assert.Contains("YAML", problem.Offender, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_of_the_bench_and_of_its_devices_come_together()
    {
        IReadOnlyList<Problem> problems = ProblemsOf("[my-pi, moon]\nworkloadz: 1", ("devices/my-pi.yaml", "launcher: local\nteir: x"));
        Assert.Equal(["workloadz", "teir", "devices[1]"], problems.Select(problem => problem.Path));
    }

    private List<DeviceSpec> Devices(string section, params (string Path, string Text)[] files)
    {
        foreach ((string path, string text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
            File.WriteAllText(_folder.File(path), text);
        }
        return [.. BenchFile.Parse($"{FakeVocabulary.Minimal}\ndevices: {section}", _folder.File("bench.yaml"), [], s_vocabulary).Devices];
    }

    private IReadOnlyList<Problem> ProblemsOf(string section, params (string Path, string Text)[] files)
    {
        EdgeBenchException refused = Assert.Throws<EdgeBenchException>(() => Devices(section, files));
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        return refused.Problems;
    }
}
