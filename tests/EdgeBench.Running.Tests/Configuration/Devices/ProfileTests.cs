using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Profiles;
using EdgeBench.Running.Configuration.Devices;
using EdgeBench.Running.Execution;
using EdgeBench.Testing;

namespace EdgeBench.Running.Tests.Configuration.Devices;

public class ProfileTests
{
    private const string Minimal = """
        title: A board
        kind: board
        cores:
          - name: Cortex-A53
            count: { value: 4, source: a data sheet }
        """;

    public static TheoryData<string> Names => [.. ProfileResources.Names];

    [Fact]
    public void Every_profile_in_the_folder_is_carried() => Assert.Equal(
        Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "devices", "profiles")).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal),
        ProfileResources.Names);

    [Fact]
    public void The_devices_that_the_field_measures_on_are_there() => Assert.Superset(
        (ISet<string>)new HashSet<string>
        {
            "raspberry-pi-4", "raspberry-pi-5", "jetson-nano", "jetson-orin-nano", "jetson-agx-orin", "coral-usb", "coral-dev-board", "kria-kv260", "zcu104",
            "movidius-ncs2", "x86-host", "arm-host",
        },
        ProfileResources.Names.ToHashSet());

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_figure_of_a_profile_has_a_source(string name)
    {
        DeviceProfile profile = ProfileCatalog.Find(name);
        IReadOnlyList<ProfileFigure> figures = ProfileFigures.Of(profile);
        Assert.All(figures, figure => Assert.True(figure.Source.Trim().Length > 10, $"{figure.Path} has the source '{figure.Source}'"));
        Assert.All(figures, figure => Assert.True(figure.Value > 0, $"{figure.Path} is {figure.Value}"));
        // Every number in the profile is one of them.
        Assert.Equal(Numbers(JsonSerializer.SerializeToNode(profile, EdgeBenchJson.Options)), figures.Count);
        Assert.True(profile.Kind == ProfileKind.Host || figures.Count > 0);
        Assert.NotEmpty(profile.Runtimes);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_profile_names_backends_that_there_are(string name) => Assert.All(
        ProfileCatalog.Find(name).Runtimes,
        runtime => Assert.Contains(runtime.Backend, HarnessVocabulary.Instance.Backends.Keys.Append("external").Append("managed")));

    // 4 × 2.4 GHz × 2 pipes × 4 lanes × 2 operations, and the memory's 4267 MT/s × 4 bytes.
    [Fact]
    public void Derived_figures_are_what_their_sources_calculate()
    {
        DeviceProfile pi = ProfileCatalog.Find("raspberry-pi-5");
        Assert.Equal(4 * 2.4 * 2 * 4 * 2, pi.Peaks.Single(peak => peak.Precision == "f32").Gops.Value, 9);
        Assert.Equal(4 * 2.4 * 2 * 8 * 2, pi.Peaks.Single(peak => peak.Precision == "f16").Gops.Value, 9);
        Assert.Equal(4 * 2.4 * 2 * 16 * 2, pi.Peaks.Single(peak => peak.Precision == "int8").Gops.Value, 9);
        Assert.Equal(4.267 * 4, pi.Memory!.BandwidthGbS!.Value, 9);
        AcceleratorProfile nano = ProfileCatalog.Find("jetson-nano").Accelerators.Single();
        Assert.Equal(128 * 0.921 * 2, nano.Peaks.Single(peak => peak.Precision == "f32").Gops.Value, 0);
        AcceleratorProfile orin = ProfileCatalog.Find("jetson-orin-nano").Accelerators.Single();
        Assert.Equal(orin.Units!.Value * orin.ClockMhz!.Value / 1000 * 2, orin.Peaks.Single(peak => peak.Precision == "f32").Gops.Value, 9);
    }

    [Theory]
    [InlineData("count: { value: 4, source: a data sheet }", "count: 4", 5, "cores[0].count", "'4'")]
    [InlineData("count: { value: 4, source: a data sheet }", "count: { value: 4 }", 5, "cores[0].count", "no 'source'")]
    [InlineData("source: a data sheet", "source: '  '", 5, "cores[0].count.source", "a figure without a source")]
    [InlineData("value: 4", "value: -4", 5, "cores[0].count.value", "'-4'")]
    [InlineData("kind: board", "kind: bord", 2, "kind", "Did you mean 'board'?")]
    [InlineData("kind: board", "kind: board\nmemry: {}", 3, "memry", "Did you mean 'memory'?")]
    public void What_is_wrong_in_a_profile_is_named_with_its_line(string good, string bad, int line, string path, string words)
    {
        EdgeBenchException refused = Assert.Throws<EdgeBenchException>(() => ProfileReader.Read(Minimal.Replace(good, bad, StringComparison.Ordinal), "board.yaml"));
        Problem problem = Assert.Single(refused.Problems);
        Assert.Equal(("board.yaml", line, path), (problem.File, problem.Line, problem.Path));
        Assert.Contains(words, problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_profile_is_refused_and_not_a_crash() =>
        Assert.Equal(ExitCode.BadInput, Assert.Throws<EdgeBenchException>(() => ProfileReader.Read("", "empty.yaml")).ExitCode);

    private static int Numbers(JsonNode? node) => node switch
    {
        JsonObject map => map.Sum(pair => Numbers(pair.Value)),
        JsonArray list => list.Sum(Numbers),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => 1,
        _ => 0,
    };
}
