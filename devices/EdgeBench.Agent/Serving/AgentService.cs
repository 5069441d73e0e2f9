using System.ComponentModel;
using System.Reflection;
using EdgeBench.Agent.Trials;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Devices;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices;
using EdgeBench.Devices.Doctor;
using EdgeBench.Devices.Facts;

namespace EdgeBench.Agent.Serving;

/// <summary>What an agent answers. One trial runs at a time; a second call waits for its turn.</summary>
internal sealed class AgentService(Programs programs, SystemRoot root, CancellationToken over) : IAgent
{
    private readonly DeviceFacts _device = LocalFacts.Read(root);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ArtifactCheck _artifacts = new();

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
            if (Refuse(request) is { } refusal) return Failed(request, refusal);
            string pages = await Task.Run(() => PageCache.Warm(request.Artifact.Path, root, either.Token), either.Token).ConfigureAwait(false);
            TrialOutcome outcome = await PreparedTrial.RunAsync(request, root,
                () => TrialProcess.RunAsync(TrialCommand.Self, request, MemoryLimit(request), root, either.Token), either.Token).ConfigureAwait(false);
            return outcome with { Facts = new Dictionary<string, string>(outcome.Facts) { [PageCache.Fact] = pages } };
        }
        catch (Win32Exception exception)
        {
            return Failed(request, new TrialFailure(FailureKind.Crash, $"the trial's process could not be started: {exception.Message}",
                "Check the permissions of the agent's program and the limit on processes."));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Failed(request, new TrialFailure(FailureKind.Crash, $"the agent could not follow the trial: {exception.GetType().Name}: {exception.Message}"));
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task<BackendReport> ProbeBackendAsync(BackendQuery query, CancellationToken cancellation)
    {
        if (programs.Backend(query.Backend) is not { } backend)
        {
            return Task.FromResult(new BackendReport(query.Backend, false, null, null,
                $"this agent has no backend '{query.Backend}'", "Install the agent that belongs to this edgebench."));
        }
        BackendStatus status = backend.Probe(query.Options);
        return Task.FromResult(new BackendReport(query.Backend, status.Installed, status.Version, status.Folder, status.Problem, status.Remedy));
    }

    public Task<DoctorReport> DoctorAsync(DoctorQuery query, CancellationToken cancellation) => Task.Run(async () =>
    {
        List<DoctorFinding> findings = [.. DoctorChecks.Examine(new DoctorContext(root, CacheFolders.Root, query.Meters))];
        foreach (BackendQuery backend in query.Backends)
        {
            BackendReport report = await ProbeBackendAsync(backend, cancellation).ConfigureAwait(false);
            findings.Add(report.Installed
                ? new("runtimes", Severity.Good, $"{report.Backend} {report.Version}")
                : new("runtimes", Severity.Warning, $"{report.Backend} is not installed: {report.Problem}", report.Remedy));
        }
        return new DoctorReport(DateTimeOffset.UtcNow, findings);
    }, cancellation);

    /// <summary>Done when no trial is under way.</summary>
    public Task Idle() => _turn.WaitAsync(CancellationToken.None);

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

    private static TrialOutcome Failed(TrialRequest request, TrialFailure failure) =>
        new() { TrialId = request.TrialId, StartedAt = DateTimeOffset.UtcNow, Failure = failure };
}
