using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Launching;
using EdgeBench.Devices.Pools;

namespace EdgeBench.Running.Execution;

/// <summary>Builds artifacts on the nodes of a pool: each is a task that runs this program there, into the cache that this machine and the nodes share.</summary>
/// <param name="program">Words that start this program on a node.</param>
public sealed class BuildFarm(DeviceSpec device, IReadOnlyList<string> program, IRunObserver observer)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    // A folder that nodes share may be seconds behind the queue.
    private const int LooksAfterEnd = 3;

    private readonly IBoardPool _pool = PoolOf(device);

    /// <summary>
    /// Builds what is not in the cache, and answers for all. Cancelled, it ends its tasks. Throws <see cref="EdgeBenchException"/> where the queue refuses.
    /// </summary>
    /// <param name="arguments">Of this program's <c>build</c>: those that made the list, absolute where they name files.</param>
    public async Task<IReadOnlyList<BuildResult>> BuildAsync(ArtifactBuild build, IReadOnlyList<WantedArtifact> wanted, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(wanted);
        if (wanted.Count > _pool.LargestBatch)
            throw EdgeBenchException.BadInput($"{wanted.Count} artifacts", $"at most {_pool.LargestBatch} at once", "Build them in parts with --filter.");
        List<WantedArtifact> open = [];
        foreach (WantedArtifact one in wanted) if (await build.FindAsync(one, cancellation) is null) open.Add(one);
        Dictionary<WantedArtifact, string> words = open.Count == 0 ? [] : await RunAsync([.. wanted], open, arguments, cancellation);

        List<BuildResult> results = [];
        foreach (WantedArtifact one in wanted)
        {
            results.Add(await build.FindAsync(one, cancellation) ?? new BuildResult(one, null, new TrialFailure(FailureKind.BuildFailed,
                $"no node built it{(words.GetValueOrDefault(one) is { Length: > 0 } last ? $"; last words: {last}" : "")}"), 0));
        }
        return results;
    }

    private async Task<Dictionary<WantedArtifact, string>> RunAsync(List<WantedArtifact> all, List<WantedArtifact> open, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        BatchFolder batch = new(Path.Combine(_pool.Folder, "batches", $"edgebench-build-{Guid.NewGuid():N}"));
        try
        {
            // Tasks name artifacts by their place in the whole list, which a node makes again from the same files.
            string places = string.Join(',', open.Select(one => all.IndexOf(one)));
            _pool.Submit(batch, open.Count, ["env", $"{CacheFolders.Variable}={CacheFolders.Root}", .. program, "build", .. arguments, "--only", places, "--task"]);
            observer.On(new Notice($"{open.Count} artifacts queued on '{device.Name}', at most {_pool.Boards} at once", Warning: false));
            for (int over = 0; over < LooksAfterEnd;)
            {
                await Task.Delay(s_pause, cancellation);
                over = _pool.Open(batch).Count == 0 ? over + 1 : 0;
            }
            return open.Index().ToDictionary(one => one.Item, one => batch.LastWords(one.Index));
        }
        catch (OperationCanceledException)
        {
            _pool.Cancel(batch);
            throw;
        }
        finally
        {
            batch.Delete();
        }
    }

    private static IBoardPool PoolOf(DeviceSpec device)
    {
        IBoardPool pool = (LauncherRegistry.For(device) as IPoolLauncher)?.PoolOf(device) ?? throw EdgeBenchException.BadInput(
            $"device '{device.Name}' with launcher '{device.Launcher}'", "a pool: launcher slurm with 'boards' and 'folder'", "Add them to its file, or build on this machine.");
        string relative = Path.GetRelativePath(pool.Folder, CacheFolders.Root);
        return !Path.IsPathRooted(relative) && relative != ".." && !relative.StartsWith("../", StringComparison.Ordinal) ? pool : throw EdgeBenchException.BadInput(
            $"the cache folder '{CacheFolders.Root}'", $"one in '{pool.Folder}', which the nodes of '{device.Name}' see", $"Set {CacheFolders.Variable} to one, here and for the run.");
    }
}
