using System.Xml.Linq;
using EdgeBench.Testing;

namespace EdgeBench.Architecture.Tests;

/// <summary>The arrows of harness/README.md: which project may reference which. Read from the project files, so that an unused reference counts too.</summary>
public class ArrowTests
{
    // Direct references that each project may have. What is not listed is forbidden.
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["EdgeBench.Core"] = [],
        ["EdgeBench.Kernels"] = [],
        ["EdgeBench.Models"] = ["EdgeBench.Core", "EdgeBench.Kernels"],
        ["EdgeBench.Engine"] = ["EdgeBench.Core", "EdgeBench.Kernels", "EdgeBench.Models"],
        ["EdgeBench.Training"] = ["EdgeBench.Core", "EdgeBench.Models", "EdgeBench.Engine", "EdgeBench.Suites"],
        ["EdgeBench.Compression"] = ["EdgeBench.Core", "EdgeBench.Kernels", "EdgeBench.Models", "EdgeBench.Engine", "EdgeBench.Training"],
        ["EdgeBench.Backends"] = ["EdgeBench.Core", "EdgeBench.Kernels", "EdgeBench.Models", "EdgeBench.Engine"],
        ["EdgeBench.Suites"] = ["EdgeBench.Core"],
        ["EdgeBench.Devices"] = ["EdgeBench.Core", "EdgeBench.Kernels"],
        ["EdgeBench.Agent"] = ["EdgeBench.Core", "EdgeBench.Backends", "EdgeBench.Devices", "EdgeBench.Suites"],
        ["EdgeBench.Running"] = ["EdgeBench.Core", "EdgeBench.Models", "EdgeBench.Training", "EdgeBench.Compression", "EdgeBench.Backends", "EdgeBench.Devices", "EdgeBench.Suites"],
        ["EdgeBench.Statistics"] = ["EdgeBench.Core"],
        ["EdgeBench.Reports"] = ["EdgeBench.Core", "EdgeBench.Statistics"],
        ["EdgeBench.KernelBenchmarks"] = ["EdgeBench.Core", "EdgeBench.Kernels", "EdgeBench.Engine", "EdgeBench.Devices", "EdgeBench.Running"],
        ["EdgeBench.Cli"] = ["EdgeBench.Core", "EdgeBench.Running", "EdgeBench.Reports", "EdgeBench.KernelBenchmarks"],
        ["EdgeBench.Benchmarks"] = ["EdgeBench.Running"],
    };

    private static readonly string[] s_folders = ["harness", "devices", "suites", "reports"];

    public static TheoryData<string> Projects => [.. ProjectFiles().Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_its_arrows_allow(string project)
    {
        Assert.True(s_allowed.TryGetValue(project, out string[]? allowed), $"{project} has no arrows: add it to this test and to harness/README.md.");
        Assert.Empty(References(project).Except(allowed!));
    }

    [Fact]
    public void Every_arrow_belongs_to_a_project() =>
        Assert.Equal(s_allowed.Keys.Order(), ProjectFiles().Select(path => Path.GetFileNameWithoutExtension(path)).Order());

    [Fact]
    public void The_agent_carries_no_plots_no_compression_and_no_command_line() =>
        Assert.Empty(Closure("EdgeBench.Agent").Intersect(["EdgeBench.Reports", "EdgeBench.Statistics", "EdgeBench.Training", "EdgeBench.Compression", "EdgeBench.Running", "EdgeBench.Cli", "EdgeBench.KernelBenchmarks"]));

    [Fact]
    public void Reports_never_reach_running() => Assert.DoesNotContain("EdgeBench.Running", Closure("EdgeBench.Reports"));

    [Fact]
    public void No_assembly_uses_a_package_that_its_layer_must_not_know()
    {
        Dictionary<string, string[]> onlyIn = new()
        {
            ["BenchmarkDotNet"] = ["EdgeBench.KernelBenchmarks"],
            ["ScottPlot"] = ["EdgeBench.Reports"],
            ["Spectre.Console"] = ["EdgeBench.Cli"],
            ["System.CommandLine"] = ["EdgeBench.Cli", "EdgeBench.Benchmarks"],
            ["Microsoft.Data.Sqlite"] = ["EdgeBench.Running"],
            ["YamlDotNet"] = ["EdgeBench.Running"],
        };
        foreach (string project in ProjectFiles())
        {
            string name = Path.GetFileNameWithoutExtension(project);
            foreach (string package in Items(project, "PackageReference"))
                Assert.True(!onlyIn.TryGetValue(package, out string[]? homes) || homes.Contains(name), $"{name} references {package}");
        }
    }

    [Fact]
    public void The_top_level_holds_only_the_agreed_names()
    {
        string[] agreed = ["harness", "suites", "reports", "tests", "devices", "EdgeBench.sln", "bench.yaml", "README.md", "LICENSE", "global.json"];
        // runs/ is where the main command writes, and git ignores it.
        IEnumerable<string> found = Directory.EnumerateFileSystemEntries(RepositoryFiles.Root).Select(path => Path.GetFileName(path))
            .Where(name => !name.StartsWith('.') && !name.StartsWith("Directory.", StringComparison.Ordinal) && name is not ("runs" or "TestResults"));
        Assert.Empty(found.Except(agreed));
    }

    private static IEnumerable<string> ProjectFiles() => s_folders
        .SelectMany(folder => Directory.EnumerateDirectories(Path.Combine(RepositoryFiles.Root, folder)))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"));

    private static IEnumerable<string> References(string project) =>
        Items(ProjectFiles().Single(path => Path.GetFileNameWithoutExtension(path) == project), "ProjectReference")
            .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

    // A reference that only orders the build (the CLI carries the agent's files beside it, not its code) is no arrow.
    private static IEnumerable<string> Items(string projectFile, string kind) => XDocument.Load(projectFile).Descendants(kind)
        .Where(item => (string?)item.Attribute("ReferenceOutputAssembly") != "false")
        .Select(item => (string)item.Attribute("Include")!);

    private static HashSet<string> Closure(string project)
    {
        HashSet<string> seen = [];
        Queue<string> open = new([project]);
        while (open.TryDequeue(out string? next))
        {
            foreach (string reference in References(next).Where(seen.Add)) open.Enqueue(reference);
        }
        return seen;
    }
}
