using System.CommandLine;
using EdgeBench.Cli.Output;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Execution;
using EdgeBench.Running.Planning;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench plan</c>: what a run would measure, what it leaves out and why, and what it would cost.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        BenchArguments bench = new();
        Option<OutputFormat> format = new("--format") { Description = "table or json." };
        Command command = new("plan", "Show every planned and excluded cell, with estimated time and disk.") { format };
        bench.AddTo(command);
        command.SetAction(parsed =>
        {
            Plan plan = RunPlanning.Plan(bench.Load(parsed), bench.ParseFilter(parsed)).Plan;
            if (parsed.GetValue(format) == OutputFormat.Json)
            {
                using Stream output = Console.OpenStandardOutput();
                plan.WriteJson(output);
            }
            else
            {
                PlanTable.Print(plan, Console.Out);
            }
            return (int)ExitCode.Done;
        });
        return command;
    }
}
