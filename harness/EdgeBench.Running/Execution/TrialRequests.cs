using EdgeBench.Backends;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Trials;
using EdgeBench.Suites;

namespace EdgeBench.Running.Execution;

/// <summary>What a trial of a cell is asked for, with the files as they lie on this machine.</summary>
internal sealed class TrialRequests(MeasureSpec measure, ulong seed, IReadOnlyDictionary<string, DataFile> data)
{
    /// <summary>With a trial id of its own.</summary>
    public TrialRequest Of(ReadyCell cell)
    {
        WorkloadSpec workload = cell.Planned.Cell.Workload;
        return new TrialRequest
        {
            TrialId = NewId(),
            CellId = cell.Planned.Cell.Id,
            Backend = cell.Planned.Cell.Backend.Type,
            BackendOptions = cell.Planned.Cell.Backend.Options,
            Artifact = File(cell.Artifact.Description!),
            Reference = cell.Reference?.Description is { } reference ? File(reference) : null,
            ReferenceRunner = cell.ReferenceRunner is { } runner ? new ReferenceRunner(runner.Type, runner.Options) : null,
            Workload = workload.Type,
            Parameters = workload.Parameters,
            Threads = workload.Threads,
            Data = Files(cell).Distinct().ToDictionary(file => file, file => data[file]),
            Sampling = new Sampling(measure.Warmup, measure.MinSamples, measure.MinDuration.TotalSeconds, measure.MaxDuration.TotalSeconds),
            Limits = new TrialLimits(measure.TimeLimit.TotalSeconds, measure.MemoryLimit),
            Seed = seed,
            Meters = cell.Planned.Cell.Device.Meters,
            Cooldown = cell.Planned.Cell.Device.Cooldown,
            Tuning = cell.Planned.Cell.Device.Tuning,
        };
    }

    public static string NewId() => Guid.CreateVersion7().ToString("N");

    /// <summary>The outcome of a trial that never ran.</summary>
    public static TrialOutcome Refused(TrialFailure failure) => new() { TrialId = NewId(), Failure = failure, StartedAt = DateTimeOffset.UtcNow };

    // No more than the trial reads: whatever is named here is sent.
    private static IEnumerable<string> Files(ReadyCell cell)
    {
        (BackendSpec backend, WorkloadSpec workload) = (cell.Planned.Cell.Backend, cell.Planned.Cell.Workload);
        BackendSpec[] backends = cell.ReferenceRunner is { } runner ? [backend, runner] : [backend];
        return [.. WorkloadRegistry.Find(workload.Type).DataFiles(workload.Parameters), .. backends.SelectMany(one => BackendRegistry.Find(one.Type).DataFiles(one.Options))];
    }

    private static ArtifactFile File(ArtifactDescription artifact) => new(artifact.Path, artifact.Format, artifact.FileBytes, artifact.Sha256) { Parts = artifact.Parts };
}
