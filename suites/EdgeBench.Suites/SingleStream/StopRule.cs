using EdgeBench.Core.Trials;

namespace EdgeBench.Suites.SingleStream;

/// <summary>
/// When a trial takes no further repetition: with the minimum count and the minimum time reached, or, whatever the count, once the maximum time
/// has passed. One repetition is always taken.
/// </summary>
internal readonly struct StopRule(Sampling sampling)
{
    /// <param name="samples">Repetitions recorded.</param>
    /// <param name="seconds">Since the first of them began.</param>
    public bool Enough(int samples, double seconds) =>
        samples >= 1 && (seconds >= sampling.MaxDuration || (samples >= sampling.MinSamples && seconds >= sampling.MinDuration));
}
