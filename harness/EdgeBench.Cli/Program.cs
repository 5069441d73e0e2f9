using System.CommandLine;
using EdgeBench.Cli;
using EdgeBench.Cli.Commands;
using EdgeBench.Cli.Output;
using EdgeBench.Core.Problems;

RootCommand root = new("EdgeBench measures latency, memory and accuracy of compressed language models, and reports them honestly.")
{
    RunCommand.Create(),
    PlanCommand.Create(),
    BuildCommand.Create(),
    ValidateCommand.Create(),
    ReportCommand.Create(),
    ModelsCommand.Create(),
    CompressCommand.Create(),
    TrainCommand.Create(),
    BackendsCommand.Create(),
    DevicesCommand.Create(),
    KernelsCommand.Create(),
    SchemaCommand.Create(),
};

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (string message in parsed.Errors.Select(error => error.Message).Distinct()) Messages.Error(message);
    Messages.Error($"Try '{(parsed.CommandResult.Command is RootCommand ? "edgebench" : $"edgebench {parsed.CommandResult.Command.Name}")} --help'.");
    return (int)ExitCode.BadInput;
}
try
{
    using Interruption interruption = new();
    // The library's own handling of signals ends in an exception at the second one.
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interruption.Token);
}
catch (Exception error)
{
    return Messages.Failed(error);
}
