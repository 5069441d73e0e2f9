using System.CommandLine;
using EdgeBench.Running.Configuration;
using EdgeBench.Running.Execution;
using EdgeBench.Running.Planning;

namespace EdgeBench.Cli.Commands;

/// <summary>The arguments that every command about a bench.yaml shares.</summary>
internal sealed class BenchArguments
{
    public Argument<string> File { get; } = new("bench.yaml")
    {
        Description = "The configuration.",
        DefaultValueFactory = _ => "bench.yaml",
    };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Override a value: path=value, such as workloads.chat.threads=[1,2]. Repeatable.",
        HelpName = "path=value",
    };

    public Option<string?> Filter { get; } = new("--filter")
    {
        Description = "Keep only some cells: recipe=q4* and threads=2.",
        HelpName = "expression",
    };

    public void AddTo(Command command)
    {
        command.Arguments.Add(File);
        command.Options.Add(Set);
        command.Options.Add(Filter);
    }

    public LoadedBench Load(ParseResult parsed) =>
        BenchFile.Load(parsed.GetRequiredValue(File), parsed.GetValue(Set) ?? [], HarnessVocabulary.Instance);

    public CellFilter? ParseFilter(ParseResult parsed) =>
        parsed.GetValue(Filter) is { } text ? CellFilter.Parse(text) : null;
}

/// <summary>Output as a table for people or as JSON whose keys are stable.</summary>
internal enum OutputFormat
{
    Table,
    Json,
}
