using System.Collections.Concurrent;

namespace EdgeBench.Remote.Tests.Faults;

/// <summary>All runs of all faults, some at once, from one seed.</summary>
internal sealed class FaultCampaign(LoopbackSshd sshd, FaultSettings settings, Action<string> say)
{
    // Far below the limits of silence (20 s), far above what a busy machine keeps a thread waiting.
    private const double Standstill = 5;

    private const int MostAttempts = 4;

    public async Task<IReadOnlyList<FaultReport>> RunAsync(CancellationToken cancellation)
    {
        using Pulse pulse = new();
        ConcurrentBag<FaultReport> reports = [];
        ParallelOptions options = new() { MaxDegreeOfParallelism = settings.AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(Runs(), options, async (run, _) =>
        {
            reports.Add(await RunAsync(pulse, run.Fault, run.Seed));
        });
        return [.. reports];
    }

    // What the machine itself did to a run is no finding: that run is made again, and counted.
    private async Task<FaultReport> RunAsync(Pulse pulse, IFault fault, int seed)
    {
        for (int attempt = 1; ; attempt++)
        {
            double begun = pulse.Now;
            FaultReport report = await new FaultedRun(sshd, settings, fault, seed).RunAsync();
            report.Repeats = attempt - 1;
            say(report.ToString());
            double pause = pulse.LongestSince(begun);
            if (report.Violations.Count == 0 || pause < Standstill || attempt == MostAttempts) return report;
            say($"  again: this process stood still for {pause:0} s meanwhile");
        }
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
