using System.CommandLine;
using EdgeBench.Benchmarks.Agreement;

RootCommand root = new("Benchmarks of EdgeBench itself: what it measures against an independent measurement, and what its own work costs.")
{
    AgreementCommand.Create(),
};
return root.Parse(args).Invoke();
