using System.ComponentModel;
using System.Reflection;
using EdgeBench.Agent.Serving.Files;
using EdgeBench.Agent.Serving.Leasing;
using EdgeBench.Agent.Trials;
using EdgeBench.Backends;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Devices;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices;
using EdgeBench.Devices.Doctor;
using EdgeBench.Devices.Facts;
using EdgeBench.Devices.Probes;

namespace EdgeBench.Agent.Serving;

/// <summary>What an agent answers. One trial runs at a time on the device; a second call waits for its turn.</summary>
internal sealed class AgentService(
    Programs programs, SystemRoot root, DeviceLease lease, OutcomeStore outcomes, FileReceiver files, FileHashes hashes, CancellationToken over) : IAgent
{
    private static readonly TimeSpan s_leasePause = TimeSpan.FromMilliseconds(100);

    private readonly DeviceFacts _device = LocalFacts.Read(root);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ArtifactCheck _artifacts = new(hashes);

    public Task<AgentHello> HelloAsync(ControllerHello controller, CancellationToken cancellation)
    {
        string version = typeof(AgentService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        return Task.FromResult(new AgentHello(Protocol.Version, version, Environment.ProcessId, _device));
    }

    public async Task<TrialOutcome> RunTrialAsync(TrialRequest request, CancellationToken cancellation)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over);
        await _turn.WaitAsync(either.Token).ConfigureAwait(false);
        try
        {
            long epoch = await LeaseAsync(either.Token).ConfigureAwait(false);
            TrialOutcome outcome = await MeasureAsync(request, epoch, either.Token).ConfigureAwait(false);
            return lease.KeepsOutcomes ? Kept(outcome) : outcome;
        }
        catch (Win32Exception exception)
        {
            return Failed(request, new TrialFailure(FailureKind.Crash, $"the trial's process could not be started: {exception.Message}",
                "Check the permissions of the agent's program and the limit on processes."));
        }
        catch (IOException exception) when (DiskSpace.IsFull(exception))
        {
            return Failed(request, new TrialFailure(FailureKind.MissingArtifact, $"the device's disk is full, and the trial needs some of it: {exception.Message}", "Free some space on the device."));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Failed(request, new TrialFailure(FailureKind.Crash, $"the agent could not follow the trial: {exception.GetType().Name}: {exception.Message}"));
        }
        finally
        {
            await files.ReleaseAsync(CancellationToken.None).ConfigureAwait(false);
            _turn.Release();
        }
    }

    public Task<BackendReport> ProbeBackendAsync(BackendQuery query, CancellationToken cancellation)
    {
        if (programs.Backend(query.Backend) is not { } backend) return Task.FromResult(Absent(query.Backend));
        return Task.FromResult(Report(backend.Name, backend.Probe(query.Options)));
    }

    public async Task<PeakReport> ProbePeaksAsync(PeakQuery query, CancellationToken cancellation)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over);
        await _turn.WaitAsync(either.Token).ConfigureAwait(false);
        try
        {
            await LeaseAsync(either.Token).ConfigureAwait(false);
            return await Task.Factory.StartNew(() => PeakProbe.Measure(root, _device, query, either.Token), either.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<BackendReport> InstallBackendAsync(BackendPackage package, CancellationToken cancellation)
    {
        if (programs.Backend(package.Backend) is not IInstallableBackend backend) return Absent(package.Backend);
        string? folder = await files.FolderAsync(package.Set, cancellation).ConfigureAwait(false);
        if (folder is null || Directory.GetFiles(folder) is not [var file])
            return new BackendReport(package.Backend, false, null, null, "the package was not sent as a set of one file", "Install the agent that belongs to this edgebench.");
        return Report(backend.Name, await backend.InstallFromAsync(file, cancellation).ConfigureAwait(false));
    }

    public Task<LeaseAnswer> TakeLeaseAsync(LeaseRequest request, CancellationToken cancellation) => Task.Run(() => lease.Take(request), cancellation);

    public Task<TrialOutcome?> FindOutcomeAsync(string trialId, CancellationToken cancellation) => Task.FromResult(outcomes.Find(trialId));

    public Task AcknowledgeAsync(string trialId, CancellationToken cancellation)
    {
        outcomes.Forget(trialId);
        return Task.CompletedTask;
    }

    public Task<DoctorReport> DoctorAsync(DoctorQuery query, CancellationToken cancellation) => Task.Run(async () =>
    {
        List<DoctorFinding> findings = [.. DoctorChecks.Examine(new DoctorContext(root, CacheFolders.Root, query.Meters))];
        foreach (BackendQuery backend in query.Backends)
        {
            BackendReport report = await ProbeBackendAsync(backend, cancellation).ConfigureAwait(false);
            findings.Add(report.Installed
                ? new("runtimes", Severity.Good, $"{report.Backend} {report.Version}")
                // Most devices measure with no program of their own.
                : new("runtimes", programs.Backend(backend.Backend) is IMeasuringBackend ? Severity.Note : Severity.Warning, $"{report.Backend} is not installed: {report.Problem}", report.Remedy));
        }
        return new DoctorReport(DateTimeOffset.UtcNow, findings);
    }, cancellation);

    /// <summary>Done when no trial is under way.</summary>
    public Task Idle() => _turn.WaitAsync(CancellationToken.None);

    private async Task<TrialOutcome> MeasureAsync(TrialRequest request, long epoch, CancellationToken cancellation)
    {
        if (Refuse(request) is { } refusal) return Failed(request, refusal);
        string pages = await Task.Run(() => PageCache.Warm(request.Artifact.Path, root, cancellation), cancellation).ConfigureAwait(false);
        TrialOutcome outcome = await PreparedTrial.RunAsync(request, root,
            () => MeteredTrial.RunAsync(TrialCommand.Self, request, MemoryLimit(request), root, cancellation), cancellation).ConfigureAwait(false);
        if (!lease.IsOurs())
        {
            return Failed(request, new TrialFailure(FailureKind.DeviceLost, $"lease {epoch} on the device was lost while the trial ran, so another may have run beside it",
                "Leave the device's cache folder alone while it measures."));
        }
        return outcome with { LeaseEpoch = epoch, Facts = new Dictionary<string, string>(outcome.Facts) { [PageCache.Fact] = pages } };
    }

    // A measurement that cannot be kept can still arrive.
    private TrialOutcome Kept(TrialOutcome outcome)
    {
        try
        {
            outcomes.Keep(outcome);
            return outcome;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return outcome with { Warnings = [.. outcome.Warnings, $"the device could not keep the outcome until it arrived: {exception.Message}"] };
        }
    }

    // A controller that did not ask for the lease waits for it with its trial.
    private async Task<long> LeaseAsync(CancellationToken cancellation)
    {
        LeaseRequest request = new($"agent process {Environment.ProcessId}", Guid.NewGuid().ToString("N"), KeepOutcomes: false);
        while (lease.Epoch == 0 && lease.Take(request).Busy is not null) await Task.Delay(s_leasePause, cancellation).ConfigureAwait(false);
        return lease.Epoch;
    }

    // A kernel that does not tell its memory leaves the limit to its own killer.
    private long MemoryLimit(TrialRequest request) =>
        request.Limits.MemoryLimit > 0 ? request.Limits.MemoryLimit
        : _device.MemoryBytes > 0 ? _device.MemoryBytes / 10 * 9
        : long.MaxValue;

    private TrialFailure? Refuse(TrialRequest request)
    {
        if (!(request.Limits.TimeLimit > 0) || request.Limits.MemoryLimit < 0)
            return new(FailureKind.Unsupported, $"limits of {request.Limits.TimeLimit} s and {request.Limits.MemoryLimit} bytes; expected a positive time and no negative size");
        return _artifacts.Refuse(request);
    }

    private static BackendReport Report(string name, BackendStatus status) =>
        new(name, status.Installed, status.Version, status.Folder, status.Problem, status.Remedy);

    private static BackendReport Absent(string name) =>
        new(name, false, null, null, $"this agent has no backend '{name}'", "Install the agent that belongs to this edgebench.");

    private static TrialOutcome Failed(TrialRequest request, TrialFailure failure) =>
        new() { TrialId = request.TrialId, StartedAt = DateTimeOffset.UtcNow, Failure = failure };
}
