using System.CommandLine;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Configuration;
using EdgeBench.Running.Execution;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench schema</c>: the JSON Schema of bench.yaml, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        Option<string?> output = new("--output", "-o") { Description = "File to write; standard output without it." };
        Command command = new("schema", "Print the JSON Schema of bench.yaml, for editors.") { output };
        command.SetAction(parsed =>
        {
            string schema = BenchSchema.Generate(HarnessVocabulary.Instance);
            if (parsed.GetValue(output) is { } path) AtomicFile.WriteText(path, schema);
            else Console.Out.Write(schema);
            return (int)ExitCode.Done;
        });
        return command;
    }
}
