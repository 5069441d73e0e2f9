using EdgeBench.Core.Trials;

namespace EdgeBench.Suites.SingleStream;

/// <summary>When a trial has enough repetitions: never below the minimum count; then when the minimum time, or the maximum, has passed.</summary>
internal readonly struct StopRule(Sampling sampling)
{
    /// <param name="samples">Repetitions recorded.</param>
    /// <param name="seconds">Since the first of them began.</param>
    public bool Enough(int samples, double seconds) =>
        samples >= Math.Max(1, sampling.MinSamples) && seconds >= Math.Min(sampling.MinDuration, sampling.MaxDuration);
}
