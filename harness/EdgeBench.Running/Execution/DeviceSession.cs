using EdgeBench.Backends;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Devices;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Launching;
using EdgeBench.Devices.Pools;
using EdgeBench.Devices.Transfer;

namespace EdgeBench.Running.Execution;

/// <summary>
/// One device during a run: its agent, started again when it is lost, its lease, the files that trials there need, and what its backends say.
/// </summary>
internal sealed class DeviceSession : IAsyncDisposable
{
    private readonly DeviceSpec _device;
    private readonly ILauncher _launcher;
    private readonly IRunObserver _observer;
    private readonly DeviceReservation _reservation;
    private readonly Dictionary<string, BackendReport> _backends = [];
    private IAgentConnection _agent;
    private long _epoch;
    private bool _released;

    private DeviceSession(DeviceSpec device, ILauncher launcher, IAgentConnection agent, IRunObserver observer)
    {
        _device = device;
        _launcher = launcher;
        _agent = agent;
        _observer = observer;
        _reservation = new DeviceReservation(device.Name, !launcher.SharesFiles, observer);
        Pool = PoolOf(device, launcher);
    }

    public string Name => _device.Name;

    /// <summary>The boards, where the device is several alike.</summary>
    public IBoardPool? Pool { get; }

    public DeviceFacts Facts => _agent.Hello.Device;

    /// <summary>Process of the agent on its device.</summary>
    public int AgentProcess => _agent.Hello.ProcessId;

    public string AgentVersion => _agent.Hello.AgentVersion;

    public static async Task<DeviceSession> StartAsync(DeviceSpec device, IRunObserver observer, CancellationToken cancellation)
    {
        ILauncher launcher = LauncherRegistry.For(device);
        // Options that contradict each other are told before anything is started.
        PoolOf(device, launcher);
        return new(device, launcher, await launcher.StartAsync(device, cancellation), observer);
    }

    /// <summary>What the device says of a backend; one that is missing is installed first where EdgeBench can, once.</summary>
    public async Task<BackendReport> BackendAsync(BackendSpec backend, CancellationToken cancellation)
    {
        if (_backends.TryGetValue(backend.Name, out BackendReport? known)) return known;
        BackendQuery query = new(backend.Type, backend.Options);
        BackendReport report = await _agent.ProbeBackendAsync(query, cancellation);
        if (!report.Installed && BackendRegistry.Find(backend.Type) is IInstallableBackend installable && installable.Installs(backend.Options))
        {
            _observer.On(new Preparing($"backend {backend.Name}: installing on {Name}", 0, null));
            report = _launcher.SharesFiles
                ? await InstallHereAsync(installable, query, cancellation)
                : await InstallThereAsync(installable, query, cancellation);
        }
        if (!report.Installed)
            _observer.On(new Notice($"backend '{backend.Name}' is not installed on '{Name}': {report.Problem} {report.Remedy}", Warning: true));
        return _backends[backend.Name] = report;
    }

    /// <summary>
    /// Runs one trial. An agent that is lost makes it <see cref="FailureKind.DeviceLost"/>, unless the device has kept its outcome; the next trial finds a new
    /// agent, as does this one where the agent was lost since the last. Throws where no new agent can be had.
    /// </summary>
    public async Task<TrialOutcome> RunAsync(TrialRequest request, CancellationToken cancellation)
    {
        if (_agent.IsLost) await ConnectAgainAsync("between two trials", cancellation);
        TrialOutcome outcome;
        try
        {
            _epoch = await _reservation.TakeAsync(_agent, cancellation);
            (TrialRequest placed, TrialFailure? failure) = _launcher.SharesFiles ? (request, null) : await SendAsync(request, cancellation);
            outcome = failure is null ? await _agent.RunTrialAsync(placed, cancellation)
                : new TrialOutcome { TrialId = request.TrialId, StartedAt = DateTimeOffset.UtcNow, Failure = failure };
        }
        catch (AgentLostException lost)
        {
            outcome = new TrialOutcome
            {
                TrialId = request.TrialId,
                StartedAt = DateTimeOffset.UtcNow,
                Failure = new TrialFailure(FailureKind.DeviceLost, lost.Problems[0].Offender, lost.Problems[0].Remedy),
            };
        }
        if (outcome.Failure?.Kind == FailureKind.DeviceLost) outcome = await ReconnectAsync(outcome, cancellation);
        else await AcknowledgeAsync(outcome, cancellation);
        return outcome;
    }

    /// <summary>Sends what a trial reads, without running it: the request with its places there, or why the device cannot have its files.</summary>
    public async Task<(TrialRequest Request, TrialFailure? Failure)> PlaceAsync(TrialRequest request, CancellationToken cancellation)
    {
        if (_released) _agent = await Reconnection.StartAsync(_launcher, _device, cancellation);
        _released = false;
        try
        {
            _epoch = await _reservation.TakeAsync(_agent, cancellation);
            return await SendAsync(request, cancellation);
        }
        catch (AgentLostException lost)
        {
            return (request, new TrialFailure(FailureKind.DeviceLost, lost.Problems[0].Offender, lost.Problems[0].Remedy));
        }
    }

    /// <summary>Ends the agent until files are to be placed again.</summary>
    public async ValueTask ReleaseAsync()
    {
        if (_released) return;
        _released = true;
        await _agent.DisposeAsync();
    }

    /// <summary>Something that a person should read.</summary>
    public void Tell(string text, bool warning = false) => _observer.On(new Notice(text, warning));

    public ValueTask DisposeAsync() => ReleaseAsync();

    private static IBoardPool? PoolOf(DeviceSpec device, ILauncher launcher) => (launcher as IPoolLauncher)?.PoolOf(device);

    // A new agent; where the old one had finished the trial under the lease that we held, its outcome is the trial's.
    private async Task<TrialOutcome> ReconnectAsync(TrialOutcome lost, CancellationToken cancellation)
    {
        await ConnectAgainAsync(lost.Failure!.Message, cancellation);
        if (_launcher.SharesFiles) return lost;
        try
        {
            if (await _agent.FindOutcomeAsync(lost.TrialId, cancellation) is not { } kept) return lost;
            await AcknowledgeAsync(kept, cancellation);
            return kept.TrialId == lost.TrialId && kept.LeaseEpoch == _epoch ? kept : lost;
        }
        catch (AgentLostException)
        {
            return lost;
        }
    }

    private async Task ConnectAgainAsync(string why, CancellationToken cancellation)
    {
        await _agent.DisposeAsync();
        _observer.On(new Notice($"device '{Name}' was lost ({why}); connecting again", Warning: true));
        _agent = await Reconnection.StartAsync(_launcher, _device, cancellation);
    }

    // The outcome is ours already: a device that cannot be told keeps a file until it has too many.
    private async Task AcknowledgeAsync(TrialOutcome outcome, CancellationToken cancellation)
    {
        if (_launcher.SharesFiles) return;
        try
        {
            await _agent.AcknowledgeAsync(outcome.TrialId, cancellation);
        }
        catch (AgentLostException)
        {
            _observer.On(new Notice($"device '{Name}' was lost after a trial's end", Warning: true));
        }
    }

    private async Task<(TrialRequest, TrialFailure?)> SendAsync(TrialRequest request, CancellationToken cancellation) =>
        await RequestFiles.SendAsync(Sender(), request, new Bytes(sent => _observer.On(new Preparing($"sending files to {Name}", sent, null))), cancellation);

    private FileSender Sender() => new(_agent, _launcher.CacheLimit(_device));

    private async Task<BackendReport> InstallHereAsync(IInstallableBackend installable, BackendQuery query, CancellationToken cancellation)
    {
        BackendStatus status = await installable.InstallAsync(new PreparingLines(_observer), cancellation);
        return status.Installed
            ? await _agent.ProbeBackendAsync(query, cancellation)
            : new BackendReport(query.Backend, false, status.Version, status.Folder, status.Problem, status.Remedy);
    }

    private async Task<BackendReport> InstallThereAsync(IInstallableBackend installable, BackendQuery query, CancellationToken cancellation)
    {
        FetchedPackage package = await installable.FetchAsync($"linux-{Facts.Architecture}", new PreparingLines(_observer), cancellation);
        if (package.Path is null) return new BackendReport(query.Backend, false, null, null, package.Problem, package.Remedy);
        _epoch = await _reservation.TakeAsync(_agent, cancellation);
        SentFiles sent = await Sender().SendAsync([LocalFile.Of(package.Path)], progress: null, cancellation);
        if (sent.Failure is { } failure) return new BackendReport(query.Backend, false, null, null, failure.Message, failure.Remedy);
        BackendReport report = await _agent.InstallBackendAsync(new BackendPackage(query.Backend, query.Options, sent.Set), cancellation);
        return report.Installed ? await _agent.ProbeBackendAsync(query, cancellation) : report;
    }

    private sealed class Bytes(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
