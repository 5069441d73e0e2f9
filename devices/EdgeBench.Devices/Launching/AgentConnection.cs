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
    private static readonly TimeSpan s_greeting = TimeSpan.FromSeconds(30);

    private readonly string _device;
    private readonly AgentProcess _process;
    private readonly JsonRpc _rpc;
    private AgentHello? _hello;

    private AgentConnection(string device, AgentProcess process)
    {
        _device = device;
        _process = process;
        _rpc = AgentChannel.Open(process.Input, process.Output);
        _rpc.StartListening();
        _ = EndWithProcessAsync();
    }

    public AgentHello Hello => _hello ?? throw new InvalidOperationException("The agent was not greeted.");

    public bool IsLost => _rpc.Completion.IsCompleted || _process.Exited.IsCompleted;

    /// <summary>Connects to a started agent and checks that it speaks our version. Ends the process where it does not.</summary>
    public static async Task<AgentConnection> GreetAsync(string device, AgentProcess process, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(process);
        AgentConnection connection = new(device, process);
        try
        {
            string version = typeof(AgentConnection).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
            AgentHello hello = await connection.GreetAsync(new ControllerHello(Protocol.Version, version), cancellation).ConfigureAwait(false);
            if (hello.ProtocolVersion != Protocol.Version)
            {
                throw EdgeBenchException.Infrastructure(
                    $"the agent of device '{device}' (version {hello.AgentVersion}) speaks protocol {hello.ProtocolVersion}",
                    $"protocol {Protocol.Version}", "Install the agent that belongs to this edgebench.");
            }
            connection._hello = hello;
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public Task<AgentHello> HelloAsync(ControllerHello controller, CancellationToken cancellation) =>
        CallAsync<AgentHello>(AgentChannel.Hello, controller, cancellation);

    public async Task<TrialOutcome> RunTrialAsync(TrialRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        DateTimeOffset started = DateTimeOffset.UtcNow;
        try
        {
            TrialOutcome outcome = await CallAsync<TrialOutcome>(AgentChannel.RunTrial, request, cancellation).ConfigureAwait(false);
            return outcome.TrialId == request.TrialId ? outcome : Failed(request, started, new TrialFailure(FailureKind.Protocol,
                $"the agent of device '{_device}' answered for trial '{outcome.TrialId}'; expected '{request.TrialId}'", "Install the agent that belongs to this edgebench."));
        }
        catch (AgentLostException lost)
        {
            return Failed(request, started, new TrialFailure(FailureKind.DeviceLost, lost.Problems[0].Offender, lost.Problems[0].Remedy));
        }
    }

    public Task<BackendReport> ProbeBackendAsync(BackendQuery query, CancellationToken cancellation) =>
        CallAsync<BackendReport>(AgentChannel.ProbeBackend, query, cancellation);

    public Task<DoctorReport> DoctorAsync(DoctorQuery query, CancellationToken cancellation) =>
        CallAsync<DoctorReport>(AgentChannel.Doctor, query, cancellation);

    public async ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        await _process.DisposeAsync().ConfigureAwait(false);
    }

    private static TrialOutcome Failed(TrialRequest request, DateTimeOffset started, TrialFailure failure) => new()
    {
        TrialId = request.TrialId,
        StartedAt = started,
        Seconds = (DateTimeOffset.UtcNow - started).TotalSeconds,
        Failure = failure,
    };

    private async Task<AgentHello> GreetAsync(ControllerHello controller, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_greeting);
        try
        {
            // A program that is not an agent may never answer a cancellation either.
            return await HelloAsync(controller, limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw EdgeBenchException.Infrastructure(
                $"the agent of device '{_device}' said nothing for {s_greeting.TotalSeconds:0} s ({await _process.DescribeEndAsync().ConfigureAwait(false)})",
                "a greeting", $"Check that {AgentProgram.Variable} and the device's command name EdgeBench's agent.", exception);
        }
    }

    private async Task<T> CallAsync<T>(string method, object argument, CancellationToken cancellation)
    {
        try
        {
            return await _rpc.InvokeWithCancellationAsync<T>(method, [argument], cancellation).ConfigureAwait(false);
        }
        catch (RemoteInvocationException exception)
        {
            throw EdgeBenchException.Infrastructure($"the agent of device '{_device}' failed at '{method}': {exception.Message}",
                "an answer", "Install the agent that belongs to this edgebench.", exception);
        }
        catch (Exception exception) when (exception is ConnectionLostException or ObjectDisposedException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            string end = await _process.DescribeEndAsync().ConfigureAwait(false);
            throw new AgentLostException($"the agent of device '{_device}' is gone ({end}){Reason()}", exception);
        }
    }

    private string Reason() => _rpc.Completion.Exception is { } reason ? $": {reason.GetBaseException().Message}" : "";

    // A process that outlives the agent may hold the other end of the pipe open: its end, not the pipe's, ends the connection.
    private async Task EndWithProcessAsync()
    {
        await _process.Exited.ConfigureAwait(false);
        await Task.WhenAny(_rpc.Completion, Task.Delay(200)).ConfigureAwait(false);
        _rpc.Dispose();
    }
}
