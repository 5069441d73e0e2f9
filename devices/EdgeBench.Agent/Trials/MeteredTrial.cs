using EdgeBench.Core.Trials;
using EdgeBench.Devices;
using EdgeBench.Devices.Power;
using EdgeBench.Devices.Power.Integration;
using EdgeBench.Devices.Power.Recording;

namespace EdgeBench.Agent.Trials;

/// <summary>
/// A trial between its power meters: they start before its process, read the idle device, run through it, and read the idle device again. They run in the
/// agent, so that the trial's own process has nothing to do with them.
/// </summary>
internal static class MeteredTrial
{
    /// <summary>As <see cref="TrialProcess.RunAsync"/>; without meters nothing else.</summary>
    public static async Task<TrialOutcome> RunAsync(
        TrialCommand command, TrialRequest request, long memoryLimit, SystemRoot root, CancellationToken cancellation)
    {
        if (request.Meters.Count == 0) return await TrialProcess.RunAsync(command, request, memoryLimit, root, cancellation).ConfigureAwait(false);

        await using MeterBank bank = await MeterBank.StartAsync(request.Meters, root, cancellation).ConfigureAwait(false);
        TimeStretch? before = await RestAsync(bank.Idle, cancellation).ConfigureAwait(false);
        double started = 0;
        TrialOutcome outcome = await TrialProcess.RunAsync(
            command, request, memoryLimit, root, cancellation, timestamp => started = MeterClock.Seconds(timestamp)).ConfigureAwait(false);
        outcome = outcome with { NotApplied = [.. outcome.NotApplied, .. bank.Refusals.Select(refusal => refusal.ToString())] };
        if (outcome.Failure is not null) return outcome;

        TimeStretch? after = await RestAsync(bank.Idle, cancellation).ConfigureAwait(false);
        return TrialEnergy.Add(outcome, await bank.StopAsync().ConfigureAwait(false), new TrialPhases(started, before, after));
    }

    private static async Task<TimeStretch?> RestAsync(TimeSpan idle, CancellationToken cancellation)
    {
        if (idle <= TimeSpan.Zero) return null;
        double from = MeterClock.Now;
        await Task.Delay(idle, cancellation).ConfigureAwait(false);
        return new TimeStretch(from, MeterClock.Now);
    }
}
