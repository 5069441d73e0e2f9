using EdgeBench.Agent.Native;
using EdgeBench.Agent.Serving.Files;
using EdgeBench.Agent.Serving.Leasing;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Wire;
using StreamJsonRpc;

namespace EdgeBench.Agent.Serving;

/// <summary>Answers one controller until its end of the streams closes, it dies, or it falls silent.</summary>
/// <param name="parent">Process that started this one, asked for before anything else: an orphan's is somebody else.</param>
internal sealed class AgentServer(Stream output, Stream input, int parent, Programs programs)
{
    // The trial is killed at once; this is for an answer that hangs elsewhere.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(3);

    /// <summary>Serves; the exit code tells whether the stream ended as streams should.</summary>
    public async Task<int> RunAsync()
    {
        using CancellationTokenSource over = new();
        FileHashes hashes = new();
        using DeviceLease lease = new(CacheFolders.Machine);
        using FileReceiver files = new(new ReceivedFiles(CacheFolders.Root, hashes), lease);
        AgentService service = new(programs, programs.Root, lease, new OutcomeStore(CacheFolders.Root), files, hashes, over.Token);
        (JsonRpc rpc, AgentFrames frames) = AgentChannel.Open(output, input, files);
        using (rpc)
        {
            Register(rpc, service, files);
            rpc.StartListening();

            Task<string?> ended = EndOf(rpc);
            Task<string?> silent = SilenceOf(frames, over.Token);
            Task<string?> first = await Task.WhenAny(ended, silent, ParentGone()).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAny(service.Idle(), Task.Delay(s_farewell, CancellationToken.None)).ConfigureAwait(false);
            if (await first.ConfigureAwait(false) is not { } error) return (int)ExitCode.Done;
            await Console.Error.WriteLineAsync($"edgebench-agent: {error}").ConfigureAwait(false);
            return (int)ExitCode.Infrastructure;
        }
    }

    private static void Register(JsonRpc rpc, AgentService service, FileReceiver files)
    {
        rpc.AddLocalRpcMethod(AgentChannel.Hello, (Func<ControllerHello, CancellationToken, Task<AgentHello>>)service.HelloAsync);
        rpc.AddLocalRpcMethod(AgentChannel.Ping, (Action)(() => { }));
        rpc.AddLocalRpcMethod(AgentChannel.RunTrial, (Func<TrialRequest, CancellationToken, Task<TrialOutcome>>)service.RunTrialAsync);
        rpc.AddLocalRpcMethod(AgentChannel.ProbeBackend, (Func<BackendQuery, CancellationToken, Task<BackendReport>>)service.ProbeBackendAsync);
        rpc.AddLocalRpcMethod(AgentChannel.Doctor, (Func<DoctorQuery, CancellationToken, Task<DoctorReport>>)service.DoctorAsync);
        rpc.AddLocalRpcMethod(AgentChannel.ProbePeaks, (Func<PeakQuery, CancellationToken, Task<PeakReport>>)service.ProbePeaksAsync);
        rpc.AddLocalRpcMethod(AgentChannel.InstallBackend, (Func<BackendPackage, CancellationToken, Task<BackendReport>>)service.InstallBackendAsync);
        rpc.AddLocalRpcMethod(AgentChannel.TakeLease, (Func<LeaseRequest, CancellationToken, Task<LeaseAnswer>>)service.TakeLeaseAsync);
        rpc.AddLocalRpcMethod(AgentChannel.FindOutcome, (Func<string, CancellationToken, Task<TrialOutcome?>>)service.FindOutcomeAsync);
        rpc.AddLocalRpcMethod(AgentChannel.Acknowledge, (Func<string, CancellationToken, Task>)service.AcknowledgeAsync);
        rpc.AddLocalRpcMethod(AgentChannel.OfferFiles, (Func<FileOffer, CancellationToken, Task<OfferAnswer>>)files.OfferFilesAsync);
        rpc.AddLocalRpcMethod(AgentChannel.TransferState, (Func<int, CancellationToken, Task<TransferState>>)files.TransferStateAsync);
        rpc.AddLocalRpcMethod(AgentChannel.CommitFiles, (Func<string, CancellationToken, Task<CommitAnswer>>)files.CommitFilesAsync);
    }

    // Why the stream ended, or null where it ended between two messages.
    private static async Task<string?> EndOf(JsonRpc rpc)
    {
        try
        {
            await rpc.Completion.ConfigureAwait(false);
            return null;
        }
        catch (Exception exception)
        {
            Exception cause = exception.GetBaseException();
            return cause == exception ? exception.Message : $"{exception.Message} ({cause.GetType().Name}: {cause.Message})";
        }
    }

    private static async Task<string?> SilenceOf(AgentFrames frames, CancellationToken over)
    {
        try
        {
            await Liveness.UntilSilentAsync(() => frames.Signs, Liveness.Tick, Liveness.ControllerTicks, each: null, over).ConfigureAwait(false);
            return $"the controller gave no sign of life for {Liveness.Tick.TotalSeconds * Liveness.ControllerTicks:0} s";
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    // Standard input closes when the controller dies, unless something else inherited its other end: then this notices.
    private Task<string?> ParentGone()
    {
        TaskCompletionSource<string?> gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            if (Libc.WaitForEnd(parent)) gone.SetResult(null);
        })
        { IsBackground = true, Name = "parent watch" }.Start();
        return gone.Task;
    }
}
