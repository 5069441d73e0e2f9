using EdgeBench.Agent.Serving;
using EdgeBench.Core.Trials;
using EdgeBench.Devices;
using EdgeBench.Devices.Thermal;

namespace EdgeBench.Agent.Trials;

/// <summary>A trial on a device that was cooled down and tuned before it, as far as that was asked for, and is put back after it.</summary>
internal static class PreparedTrial
{
    /// <summary>Conditions: <c>cooldown_s</c>, <c>cooldown_temperature_c</c>, <c>cooldown_exceeded</c> (1 where its limit passed).</summary>
    public static async Task<TrialOutcome> RunAsync(TrialRequest request, SystemRoot root, Func<Task<TrialOutcome>> trial, CancellationToken cancellation)
    {
        Cooldown? cooldown = request.Cooldown is { } rest ? await CooldownGate.WaitAsync(root, rest, cancellation).ConfigureAwait(false) : null;
        TrialOutcome outcome = request.Tuning is null ? await trial().ConfigureAwait(false) : await TunedAsync(request, root, trial).ConfigureAwait(false);
        return cooldown is null ? outcome : With(outcome, cooldown);
    }

    private static async Task<TrialOutcome> TunedAsync(TrialRequest request, SystemRoot root, Func<Task<TrialOutcome>> trial)
    {
        TuningGuard.Start();
        HostTuning tuning = HostTuning.Apply(root, HostTuning.Folder, request.Tuning!);
        TrialOutcome outcome;
        IReadOnlyList<string> left = [];
        try
        {
            outcome = await trial().ConfigureAwait(false);
        }
        finally
        {
            left = tuning.Restore();
        }
        return outcome with
        {
            Facts = new Dictionary<string, string>([.. outcome.Facts, .. tuning.Facts]),
            NotApplied = [.. outcome.NotApplied, .. tuning.NotApplied],
            Warnings = [.. outcome.Warnings, .. left.Select(problem => $"the device stays tuned: {problem}")],
        };
    }

    private static TrialOutcome With(TrialOutcome outcome, Cooldown cooldown)
    {
        Dictionary<string, double> conditions = new(outcome.Conditions) { ["cooldown_s"] = cooldown.Seconds, ["cooldown_exceeded"] = cooldown.Exceeded ? 1 : 0 };
        if (cooldown.Celsius is { } celsius) conditions["cooldown_temperature_c"] = celsius;
        return outcome with { Conditions = conditions, NotApplied = cooldown.NotApplied is { } missing ? [.. outcome.NotApplied, missing] : outcome.NotApplied };
    }
}
