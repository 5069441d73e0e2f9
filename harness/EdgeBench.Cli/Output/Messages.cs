using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;

namespace EdgeBench.Cli.Output;

/// <summary>What goes to standard error: problems, each on a line of its own, and nothing else.</summary>
internal static class Messages
{
    public static void Error(string text) => Console.Error.WriteLine($"error: {text}");

    /// <summary>Prints why a command failed and gives its exit code.</summary>
    public static int Failed(Exception error)
    {
        switch (error)
        {
            case EdgeBenchException known:
                foreach (Problem problem in known.Problems) Error(problem.ToString());
                return (int)known.ExitCode;
            case OperationCanceledException:
                Error("interrupted; what was measured is kept, and the same command goes on from there.");
                return (int)ExitCode.MissingCells;
            case IOException full when DiskSpace.IsFull(full):
                Error($"the disk is full ({full.Message}); expected free space. Free some and run the same command again: what was measured is kept.");
                return (int)ExitCode.Infrastructure;
            case UnauthorizedAccessException denied:
                Error($"{denied.Message} Expected a place that this user may write to. Choose another with --out.");
                return (int)ExitCode.BadInput;
            default:
                Error($"{error.Message} This is a fault of EdgeBench or of the machine: {error}");
                return (int)ExitCode.Infrastructure;
        }
    }
}
