using EdgeBench.Agent.Native;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Wire;
using StreamJsonRpc;

namespace EdgeBench.Agent.Serving;

/// <summary>Answers one controller until its end of the streams closes or it dies.</summary>
/// <param name="parent">Process that started this one, asked for before anything else: an orphan's is somebody else.</param>
internal sealed class AgentServer(Stream output, Stream input, int parent, Programs programs)
{
    // The trial is killed at once; this is for an answer that hangs elsewhere.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(3);

    /// <summary>Serves; the exit code tells whether the stream ended as streams should.</summary>
    public async Task<int> RunAsync()
    {
        using CancellationTokenSource over = new();
        AgentService service = new(programs, programs.Root, over.Token);
        using JsonRpc rpc = AgentChannel.Open(output, input);
        rpc.AddLocalRpcMethod(AgentChannel.Hello, (Func<ControllerHello, CancellationToken, Task<AgentHello>>)service.HelloAsync);
        rpc.AddLocalRpcMethod(AgentChannel.RunTrial, (Func<TrialRequest, CancellationToken, Task<TrialOutcome>>)service.RunTrialAsync);
        rpc.AddLocalRpcMethod(AgentChannel.ProbeBackend, (Func<BackendQuery, CancellationToken, Task<BackendReport>>)service.ProbeBackendAsync);
        rpc.AddLocalRpcMethod(AgentChannel.Doctor, (Func<DoctorQuery, CancellationToken, Task<DoctorReport>>)service.DoctorAsync);
        rpc.StartListening();

        Task<Exception?> ended = EndOf(rpc);
        await Task.WhenAny(ended, ParentGone()).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await Task.WhenAny(service.Idle(), Task.Delay(s_farewell, CancellationToken.None)).ConfigureAwait(false);
        if (!ended.IsCompleted || await ended.ConfigureAwait(false) is not { } error) return (int)ExitCode.Done;
        await Console.Error.WriteLineAsync($"edgebench-agent: {error.Message}").ConfigureAwait(false);
        return (int)ExitCode.Infrastructure;
    }

    private static async Task<Exception?> EndOf(JsonRpc rpc)
    {
        try
        {
            await rpc.Completion.ConfigureAwait(false);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    // Standard input closes when the controller dies, unless something else inherited its other end: then this notices.
    private Task ParentGone()
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            if (Libc.WaitForEnd(parent)) gone.SetResult();
        })
        { IsBackground = true, Name = "parent watch" }.Start();
        return gone.Task;
    }
}
