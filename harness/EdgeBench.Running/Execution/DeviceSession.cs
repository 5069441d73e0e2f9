using EdgeBench.Backends;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Devices;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Running.Execution;

/// <summary>One device during a run: its agent, started again when it dies, and what its backends say.</summary>
internal sealed class DeviceSession : IAsyncDisposable
{
    private readonly DeviceSpec _device;
    private readonly Dictionary<string, BackendReport> _backends = [];
    private IAgentConnection _agent;

    private DeviceSession(DeviceSpec device, IAgentConnection agent)
    {
        _device = device;
        _agent = agent;
    }

    public string Name => _device.Name;

    public DeviceFacts Facts => _agent.Hello.Device;

    public string AgentVersion => _agent.Hello.AgentVersion;

    public static async Task<DeviceSession> StartAsync(DeviceSpec device, CancellationToken cancellation) =>
        new(device, await LauncherRegistry.For(device).StartAsync(device, cancellation));

    /// <summary>
    /// What the device says of a backend; on this machine a backend that is missing is installed first, once.
    /// </summary>
    public async Task<BackendReport> BackendAsync(BackendSpec backend, IRunObserver observer, CancellationToken cancellation)
    {
        if (_backends.TryGetValue(backend.Name, out BackendReport? known)) return known;
        BackendQuery query = new(backend.Type, backend.Options);
        BackendReport report = await _agent.ProbeBackendAsync(query, cancellation);
        if (!report.Installed && _device.Launcher == "local" && BackendRegistry.Find(backend.Type) is IInstallableBackend installable
            && installable.Installs(backend.Options))
        {
            observer.On(new Preparing($"backend {backend.Name}: installing", 0, null));
            BackendStatus status = await installable.InstallAsync(new Lines(observer), cancellation);
            report = status.Installed
                ? await _agent.ProbeBackendAsync(query, cancellation)
                : new BackendReport(backend.Type, false, status.Version, status.Folder, status.Problem, status.Remedy);
        }
        if (!report.Installed)
            observer.On(new Notice($"backend '{backend.Name}' is not installed on '{Name}': {report.Problem} {report.Remedy}", Warning: true));
        return _backends[backend.Name] = report;
    }

    /// <summary>Runs one trial; an agent that dies makes it <see cref="FailureKind.DeviceLost"/>, and the next trial finds a new agent.</summary>
    public async Task<TrialOutcome> RunAsync(TrialRequest request, CancellationToken cancellation)
    {
        TrialOutcome outcome = await _agent.RunTrialAsync(request, cancellation);
        if (outcome.Failure?.Kind == FailureKind.DeviceLost)
        {
            await _agent.DisposeAsync();
            _agent = await LauncherRegistry.For(_device).StartAsync(_device, cancellation);
        }
        return outcome;
    }

    public ValueTask DisposeAsync() => _agent.DisposeAsync();

    private sealed class Lines(IRunObserver observer) : IProgress<string>
    {
        public void Report(string value) => observer.On(new Preparing(value, 0, null));
    }
}
