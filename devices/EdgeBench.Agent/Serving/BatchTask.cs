using EdgeBench.Agent.Serving.Files;
using EdgeBench.Agent.Serving.Leasing;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Facts;
using EdgeBench.Devices.Pools;

namespace EdgeBench.Agent.Serving;

/// <summary>One task of a batch: its request from the shared folder, the trial as a controller would have it, its outcome into the shared folder.</summary>
internal static class BatchTask
{
    /// <summary>The exit code tells whether there is an outcome.</summary>
    public static async Task<int> RunAsync(BatchFolder batch, int index, Programs programs)
    {
        try
        {
            TrialRequest request = batch.ReadRequest(index);
            FileHashes hashes = new();
            using DeviceLease lease = new(CacheFolders.Machine);
            using FileReceiver files = new(new ReceivedFiles(CacheFolders.Root, hashes), lease);
            AgentService service = new(programs, programs.Root, lease, new OutcomeStore(CacheFolders.Machine), files, hashes, CancellationToken.None);
            TrialOutcome outcome = await service.RunTrialAsync(request, CancellationToken.None).ConfigureAwait(false);
            batch.WriteOutcome(index, LocalFacts.Read(programs.Root), outcome);
            return (int)ExitCode.Done;
        }
        catch (Exception exception) when (exception is EdgeBenchException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"edgebench-agent: {exception.Message}").ConfigureAwait(false);
            return (int)ExitCode.Infrastructure;
        }
    }
}
