using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;

namespace EdgeBench.Running.Execution;

/// <summary>Keeps two commands from working on one run.</summary>
internal static class RunLock
{
    /// <summary>Takes the lock of a run's folder. Throws <see cref="EdgeBenchException"/> where another process holds it or the folder is not writable.</summary>
    public static ProcessLock Take(string folder)
    {
        try
        {
            return ProcessLock.TryAcquire(Path.Combine(folder, "run.lock")) ?? throw EdgeBenchException.Infrastructure(
                $"the run in '{folder}' is being worked on by another process", "one 'edgebench run' per output folder",
                "Wait for it to end, or choose another folder with --out.");
        }
        catch (IOException error) when (DiskSpace.IsFull(error))
        {
            throw DiskSpace.Full(folder, "the run", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.BadInput($"the output folder '{folder}' cannot be written to ({error.Message})", "a folder that this user may write to", "Choose another with --out.");
        }
    }
}
