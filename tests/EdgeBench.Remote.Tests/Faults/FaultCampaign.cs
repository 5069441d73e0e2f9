using System.Collections.Concurrent;

namespace EdgeBench.Remote.Tests.Faults;

/// <summary>All runs of all faults, some at once, from one seed.</summary>
internal sealed class FaultCampaign(LoopbackSshd sshd, FaultSettings settings, Action<string> say)
{
    public async Task<IReadOnlyList<FaultReport>> RunAsync(CancellationToken cancellation)
    {
        ConcurrentBag<FaultReport> reports = [];
        ParallelOptions options = new() { MaxDegreeOfParallelism = settings.AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(Runs(), options, async (run, _) =>
        {
            FaultReport report = await new FaultedRun(sshd, settings, run.Fault, run.Seed).RunAsync();
            reports.Add(report);
            say(report.ToString());
        });
        return [.. reports];
    }

    // Fault after fault in every round, so that a campaign that is cut short has some of each.
    private IEnumerable<(IFault Fault, int Seed)> Runs()
    {
        if (settings.Only is { } only)
        {
            yield return (FaultRegistry.All.Single(fault => fault.Name == only.Fault), only.Seed);
            yield break;
        }
        Random seeds = new(settings.Seed);
        for (int round = 0; round < settings.Runs; round++)
        {
            foreach (IFault fault in FaultRegistry.All)
            {
                int seed = seeds.Next();
                if (fault.Lacks is null) yield return (fault, seed);
            }
        }
    }
}
