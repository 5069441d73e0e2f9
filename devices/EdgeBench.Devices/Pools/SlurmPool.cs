using System.Globalization;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Processes;

namespace EdgeBench.Devices.Pools;

/// <summary>Nodes that Slurm hands out to the tasks of a job array, each task with its node alone.</summary>
/// <param name="options">Words for sbatch that say which nodes.</param>
/// <param name="agent">Program and arguments of the agent on the nodes, without a verb.</param>
internal sealed class SlurmPool(string folder, int boards, IReadOnlyList<string> options, IReadOnlyList<string> agent) : IBoardPool
{
    // Slurm's own default of MaxArraySize is 1001, and its indices end below it.
    private const int MaxArraySize = 1001;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public string Folder { get; } = folder;

    public int Boards { get; } = boards;

    public int LargestBatch => MaxArraySize;

    public void SubmitTrials(BatchFolder batch, int tasks) => Submit(batch, tasks, [.. agent, BatchFolder.Verb, batch.Path, $"{BatchFolder.CacheOption}{Folder}"]);

    public void Submit(BatchFolder batch, int tasks, IReadOnlyList<string> words)
    {
        string script = Path.Combine(batch.Path, "job.sh");
        try
        {
            Directory.CreateDirectory(batch.Logs);
            AtomicFile.WriteText(script, "#!/bin/sh\nexec \"$@\" \"$SLURM_ARRAY_TASK_ID\"\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.Infrastructure($"'{batch.Path}' cannot be written: {exception.Message}", "a folder that this machine and every node share", "Check 'folder' and its disk.", exception);
        }
        Run("sbatch",
        [
            "--parsable", $"--job-name={batch.Name}", string.Create(CultureInfo.InvariantCulture, $"--array=0-{tasks - 1}%{Boards}"), $"--chdir={batch.Path}", "--output=logs/%a.log",
            // A task that was lost with its board goes to the controller first, which knows whether it is still wanted.
            "--no-requeue", .. options, script, .. words,
        ]);
    }

    public IReadOnlyDictionary<int, TaskState> Open(BatchFolder batch)
    {
        Dictionary<int, TaskState> open = [];
        foreach (string line in Run("squeue", ["--noheader", "--array", $"--name={batch.Name}", "--format=%K %T"]).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var index, var state] && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int task))
                open[task] = state is "PENDING" or "CONFIGURING" or "REQUEUED" or "REQUEUE_HOLD" or "SPECIAL_EXIT" ? TaskState.Waiting : TaskState.Running;
        }
        return open;
    }

    public void Cancel(BatchFolder batch) => Run("scancel", [$"--name={batch.Name}"]);

    public string CancelCommand(BatchFolder batch) => $"scancel --name={batch.Name}";

    private static string Run(string program, IEnumerable<string> words)
    {
        ToolResult result = Tool.Run(program, words, s_limit);
        return result.Output ?? throw EdgeBenchException.Infrastructure(result.Problem!, "Slurm's answer", "See what 'sinfo' and 'squeue' say on this machine.");
    }
}
