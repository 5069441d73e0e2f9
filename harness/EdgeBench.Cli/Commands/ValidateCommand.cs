using System.CommandLine;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Execution;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench validate</c>: every problem of a configuration at once, without measuring or writing anything.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        BenchArguments bench = new();
        Option<OutputFormat> format = new("--format") { Description = "table or json." };
        Command command = new("validate", "Check a bench.yaml: all problems at once.") { format };
        bench.AddTo(command);
        command.SetAction(parsed =>
        {
            try
            {
                PlannedRun planned = RunPlanning.Plan(bench.Load(parsed), bench.ParseFilter(parsed));
                if (parsed.GetValue(format) == OutputFormat.Json) Console.Out.WriteLine(ProblemList.ToJson([]));
                else Console.Out.WriteLine($"{planned.Bench.Path} is valid: {planned.Plan.Cells.Count} cells planned, {planned.Plan.Excluded.Count} excluded.");
                return (int)ExitCode.Done;
            }
            catch (EdgeBenchException error) when (parsed.GetValue(format) == OutputFormat.Json)
            {
                Console.Out.WriteLine(ProblemList.ToJson(error.Problems));
                return (int)error.ExitCode;
            }
        });
        return command;
    }
}
