using System.Reflection;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Wire;
using StreamJsonRpc;

namespace EdgeBench.Devices.Launching;

/// <summary>The controller's end of an agent's streams.</summary>
public sealed class AgentConnection : IAgentConnection
{
    // The runtime's own words where it finds no OpenSSL, from which it has its hashes: all that an agent needs of a device but a C library.
    private const string NoOpenSsl = "No usable version of libssl";
    private const string OpenSslRemedy = "Install OpenSSL's shared library, 1.1 or newer, on the device (Debian: libssl3).";

    private static readonly TimeSpan s_greeting = TimeSpan.FromSeconds(30);

    private readonly string _device;
    private readonly AgentProcess _process;
    private readonly JsonRpc _rpc;
    private readonly AgentFrames _frames;
    private readonly CancellationTokenSource _over = new();
    private AgentHello? _hello;
    private string? _silence;
    private long _epoch;
    private Task _ping = Task.CompletedTask;

    private AgentConnection(string device, AgentProcess process)
    {
        _device = device;
        _process = process;
        (_rpc, _frames) = AgentChannel.Open(process.Input, process.Output, sink: null);
        _rpc.StartListening();
        _ = EndWithProcessAsync();
    }

    public AgentHello Hello => _hello ?? throw new InvalidOperationException("The agent was not greeted.");

    public bool IsLost => _rpc.Completion.IsCompleted || _process.Exited.IsCompleted;

    /// <summary>Connects to a started agent and checks that it speaks our version. Ends the process where it does not.</summary>
    /// <param name="wait">Longest time until the agent answers; left out, what starting a program takes. A queue takes longer.</param>
    public static async Task<AgentConnection> GreetAsync(string device, AgentProcess process, CancellationToken cancellation, TimeSpan? wait = null)
    {
        ArgumentNullException.ThrowIfNull(process);
        AgentConnection connection = new(device, process);
        try
        {
            string version = typeof(AgentConnection).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
            AgentHello hello = await connection.GreetAsync(new ControllerHello(Protocol.Version, version), wait ?? s_greeting, cancellation).ConfigureAwait(false);
            if (hello.ProtocolVersion != Protocol.Version)
            {
                throw EdgeBenchException.Infrastructure(
                    $"the agent of device '{device}' (version {hello.AgentVersion}) speaks protocol {hello.ProtocolVersion}",
                    $"protocol {Protocol.Version}", "Install the agent that belongs to this edgebench.");
            }
            connection._hello = hello;
            _ = connection.WatchAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public Task<AgentHello> HelloAsync(ControllerHello controller, CancellationToken cancellation) =>
        CallAsync<AgentHello>(AgentChannel.Hello, [controller], cancellation);

    public async Task<TrialOutcome> RunTrialAsync(TrialRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        DateTimeOffset started = DateTimeOffset.UtcNow;
        try
        {
            TrialOutcome outcome = await CallAsync<TrialOutcome>(AgentChannel.RunTrial, [request], cancellation).ConfigureAwait(false);
            return Foreign(request, outcome) is { } foreign ? Failed(request, started, foreign) : outcome;
        }
        catch (AgentLostException lost)
        {
            return Failed(request, started, new TrialFailure(FailureKind.DeviceLost, lost.Problems[0].Offender, lost.Problems[0].Remedy));
        }
    }

    public Task<BackendReport> ProbeBackendAsync(BackendQuery query, CancellationToken cancellation) =>
        CallAsync<BackendReport>(AgentChannel.ProbeBackend, [query], cancellation);

    public Task<PeakReport> ProbePeaksAsync(PeakQuery query, CancellationToken cancellation) =>
        CallAsync<PeakReport>(AgentChannel.ProbePeaks, [query], cancellation);

    public Task<BackendReport> InstallBackendAsync(BackendPackage package, CancellationToken cancellation) =>
        CallAsync<BackendReport>(AgentChannel.InstallBackend, [package], cancellation);

    public async Task<LeaseAnswer> TakeLeaseAsync(LeaseRequest request, CancellationToken cancellation)
    {
        LeaseAnswer answer = await CallAsync<LeaseAnswer>(AgentChannel.TakeLease, [request], cancellation).ConfigureAwait(false);
        if (answer.Busy is null) _epoch = answer.Epoch;
        return answer;
    }

    public Task<OfferAnswer> OfferFilesAsync(FileOffer offer, CancellationToken cancellation) =>
        CallAsync<OfferAnswer>(AgentChannel.OfferFiles, [offer], cancellation);

    public async Task<bool> SendBlockAsync(FilePiece piece, CancellationToken cancellation)
    {
        try
        {
            // A link that is cut without a word takes nothing more: then the watch ends the connection, and this wait with it.
            return await _frames.SendAsync(piece, cancellation).WaitAsync(_over.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw await LostAsync(exception).ConfigureAwait(false);
        }
    }

    public Task<TransferState> TransferStateAsync(int transfer, CancellationToken cancellation) =>
        CallAsync<TransferState>(AgentChannel.TransferState, [transfer], cancellation);

    public Task<CommitAnswer> CommitFilesAsync(string set, CancellationToken cancellation) =>
        CallAsync<CommitAnswer>(AgentChannel.CommitFiles, [set], cancellation);

    public Task<TrialOutcome?> FindOutcomeAsync(string trialId, CancellationToken cancellation) =>
        CallAsync<TrialOutcome?>(AgentChannel.FindOutcome, [trialId], cancellation);

    public Task AcknowledgeAsync(string trialId, CancellationToken cancellation) =>
        CallAsync<object?>(AgentChannel.Acknowledge, [trialId], cancellation);

    public Task<DoctorReport> DoctorAsync(DoctorQuery query, CancellationToken cancellation) =>
        CallAsync<DoctorReport>(AgentChannel.Doctor, [query], cancellation);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        _rpc.Dispose();
        await _process.DisposeAsync().ConfigureAwait(false);
    }

    // Nothing is accepted for another trial, nor from under another lease than ours.
    private TrialFailure? Foreign(TrialRequest request, TrialOutcome outcome)
    {
        if (outcome.TrialId != request.TrialId)
        {
            return new TrialFailure(FailureKind.Protocol,
                $"the agent of device '{_device}' answered for trial '{outcome.TrialId}'; expected '{request.TrialId}'", "Install the agent that belongs to this edgebench.");
        }
        return outcome.Failure is null && _epoch != 0 && outcome.LeaseEpoch != _epoch
            ? new TrialFailure(FailureKind.DeviceLost, $"the trial ran under lease {outcome.LeaseEpoch} of device '{_device}'; this controller holds lease {_epoch}", "Run the same command again: it resumes.")
            : null;
    }

    private static TrialOutcome Failed(TrialRequest request, DateTimeOffset started, TrialFailure failure) => new()
    {
        TrialId = request.TrialId,
        StartedAt = started,
        Seconds = (DateTimeOffset.UtcNow - started).TotalSeconds,
        Failure = failure,
    };

    private async Task<AgentHello> GreetAsync(ControllerHello controller, TimeSpan wait, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(wait);
        try
        {
            // A program that is not an agent may never answer a cancellation either.
            return await HelloAsync(controller, limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw EdgeBenchException.Infrastructure(
                $"the agent of device '{_device}' said nothing for {wait.TotalSeconds:0} s ({await _process.DescribeEndAsync().ConfigureAwait(false)})",
                "a greeting", $"Check that {AgentProgram.Variable} and the device's command name EdgeBench's agent.", exception);
        }
    }

    private async Task<T> CallAsync<T>(string method, object[] arguments, CancellationToken cancellation)
    {
        try
        {
            return await _rpc.InvokeWithCancellationAsync<T>(method, arguments, cancellation).ConfigureAwait(false);
        }
        catch (RemoteInvocationException exception)
        {
            throw EdgeBenchException.Infrastructure($"the agent of device '{_device}' failed at '{method}': {exception.Message}",
                "an answer", "Install the agent that belongs to this edgebench.", exception);
        }
        catch (Exception exception) when (exception is ConnectionLostException or ObjectDisposedException or IOException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw await LostAsync(exception).ConfigureAwait(false);
        }
    }

    private async Task<AgentLostException> LostAsync(Exception inner)
    {
        string end = await _process.DescribeEndAsync().ConfigureAwait(false);
        return new AgentLostException($"the agent of device '{_device}' is gone ({end}){Reason()}", inner, end.Contains(NoOpenSsl, StringComparison.Ordinal) ? OpenSslRemedy : null);
    }

    private string Reason() => _silence is { } silence ? $": {silence}"
        : _rpc.Completion.Exception is { } reason ? $": {reason.GetBaseException().Message}" : "";

    // A stopped agent, or a link that is cut without a word, ends no stream: only silence tells.
    private async Task WatchAsync()
    {
        try
        {
            await Liveness.UntilSilentAsync(() => _frames.Signs, Liveness.Tick, Liveness.AgentTicks, Ping, _over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        _silence = $"it gave no sign of life for {Liveness.Tick.TotalSeconds * Liveness.AgentTicks:0} s";
        _process.Kill();
    }

    // Never awaited: a stream that takes nothing would hold the watch up.
    private void Ping()
    {
        if (_ping.IsCompleted) _ping = PingAsync();
    }

    private async Task PingAsync()
    {
        try
        {
            await _rpc.InvokeWithCancellationAsync(AgentChannel.Ping, [], _over.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RemoteInvocationException or ConnectionLostException or ObjectDisposedException or IOException or OperationCanceledException)
        {
            // Whether the agent lives is for the watch to say.
        }
    }

    // A process that outlives the agent may hold the other end of the pipe open: its end, not the pipe's, ends the connection.
    private async Task EndWithProcessAsync()
    {
        await _process.Exited.ConfigureAwait(false);
        await Task.WhenAny(_rpc.Completion, Task.Delay(200)).ConfigureAwait(false);
        _rpc.Dispose();
        await _over.CancelAsync().ConfigureAwait(false);
    }
}
