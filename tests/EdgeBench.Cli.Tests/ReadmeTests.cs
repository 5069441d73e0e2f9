using System.Text.RegularExpressions;
using EdgeBench.Core.Configuration;
using EdgeBench.KernelBenchmarks.Cases;
using EdgeBench.Running.Configuration;
using EdgeBench.Running.Execution;
using EdgeBench.Running.Planning;
using EdgeBench.Testing;

namespace EdgeBench.Cli.Tests;

/// <summary>What the README shows is what works.</summary>
public partial class ReadmeTests
{
    private static string Readme { get; } = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "README.md"));

    [Fact]
    public void The_sample_configuration_plans_as_it_stands()
    {
        string sample = Block("yaml").Single(text => text.StartsWith("name: my-sweep", StringComparison.Ordinal));
        BenchConfiguration parsed = BenchFile.Parse(sample, "README.md", [], HarnessVocabulary.Instance);
        // chat: three tests on 1, 2 and 4 threads; quality: one. int4 for two embedding types.
        Assert.Equal((10, 4, 2), (parsed.Workloads.Count, parsed.Recipes.Count, parsed.Backends.Count));
    }

    [Fact]
    public void The_filters_in_the_guide_parse() => Assert.All(FilterFlag().Matches(Readme), match =>
    {
        string filter = match.Groups[2].Value;
        if (match.Groups[1].Value == "kernels") Assert.NotEmpty(NameFilter<KernelCase>.Parse(filter, KernelCatalog.Vocabulary).Among(KernelCatalog.All(1), "kernels"));
        else CellFilter.Parse(filter);
    });

    [Fact]
    public async Task Every_command_in_the_guides_exists()
    {
        using CommandLine line = new();
        string[] named = [.. CommandName().Matches(Readme).Select(match => match.Groups[1].Value).Distinct()];
        Assert.Contains("backends install", named);
        foreach (string command in named)
        {
            CommandResult help = await line.RunAsync([.. command.Split(' '), "--help"]);
            Assert.True(help.ExitCode == 0, $"edgebench {command}: {help.Error}");
        }
    }

    [Fact]
    public void The_test_command_is_the_one_that_continuous_integration_runs() =>
        Assert.Contains("dotnet test --solution EdgeBench.sln -c Release", File.ReadAllText(Path.Combine(RepositoryFiles.Root, ".ci", "run")));

    [Fact]
    public void The_readme_is_short_and_its_links_lead_somewhere()
    {
        Assert.InRange(Readme.Split('\n').Length, 40, 250);
        foreach (string target in Link().Matches(Readme).Select(match => match.Groups[1].Value))
            Assert.True(Path.Exists(Path.Combine(RepositoryFiles.Root, target)), $"README.md links to '{target}', which does not exist");
    }

    private static IEnumerable<string> Block(string language) => Regex.Matches(Readme, $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value);

    [GeneratedRegex("edgebench ([a-z]+) [^\n]*--filter '([^']+)'")]
    private static partial Regex FilterFlag();

    [GeneratedRegex(@"edgebench ((?:models|backends) [a-z]+|run|plan|validate|report|compress|schema|kernels)\b")]
    private static partial Regex CommandName();

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Link();
}
