using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Trials;

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
            Data = cell.Files.ToDictionary(file => file, file => data[file]),
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

    private static ArtifactFile File(ArtifactDescription artifact) => new(artifact.Path, artifact.Format, artifact.FileBytes, artifact.Sha256) { Parts = artifact.Parts };
}
