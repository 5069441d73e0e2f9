using System.CommandLine;
using EdgeBench.Core.Problems;
using EdgeBench.Fuzz;

Argument<string> which = new("target") { Description = $"all, or one of {string.Join(", ", FuzzTargets.All.Select(target => target.Name))}." };
Option<long> executions = new("--executions") { Description = "Executions of each target.", DefaultValueFactory = _ => 100_000 };
Option<int> seed = new("--seed") { Description = "Seed of the mutations: the same seed gives the same inputs.", DefaultValueFactory = _ => 1 };
Option<string> output = new("--out") { Description = "Folder for inputs that found something.", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "edgebench-fuzz") };
Option<string?> replay = new("--replay") { Description = "Execute one file's bytes instead, and show what happens." };
RootCommand root = new("Mutates inputs of EdgeBench's parsers and looks for anything but a typed error: another exception, a hang, an allocation over 256 MB.")
{
    which, executions, seed, output, replay,
};
root.SetAction((parsed, cancellation) =>
{
    string name = parsed.GetRequiredValue(which);
    IFuzzTarget[] chosen = [.. FuzzTargets.All.Where(target => name == "all" || target.Name == name)];
    if (chosen.Length == 0)
        throw EdgeBenchException.BadInput($"target '{name}'", $"all, or one of {string.Join(", ", FuzzTargets.All.Select(target => target.Name))}");
    if (parsed.GetValue(replay) is { } file)
    {
        foreach (IFuzzTarget target in chosen) target.Execute(File.ReadAllBytes(file));
        return Task.FromResult((int)ExitCode.Done);
    }
    Console.Out.WriteLine($"{"target",-20} {"executions",12} {"accepted",10} {"errors",7} {"largest alloc",15} {"slowest",10} {"duration",10} {"findings",9}");
    int findings = 0;
    foreach (IFuzzTarget target in chosen)
    {
        FuzzRecord record = new FuzzRun(target, parsed.GetValue(seed), parsed.GetRequiredValue(output)).Execute(parsed.GetValue(executions), cancellation);
        Console.Out.WriteLine($"{record.Target,-20} {record.Executions,12:N0} {record.Accepted,10:N0} {record.DistinctErrors,7} {record.LargestAllocation,13:N0} B {record.Slowest.TotalMilliseconds,7:N1} ms {record.Duration.TotalSeconds,8:N1} s {record.Findings.Count,9}");
        foreach (string finding in record.Findings) Console.Out.WriteLine($"FINDING {record.Target}: {finding}");
        findings += record.Findings.Count;
    }
    return Task.FromResult(findings == 0 ? (int)ExitCode.Done : (int)ExitCode.Regression);
});
return await root.Parse(args).InvokeAsync();
