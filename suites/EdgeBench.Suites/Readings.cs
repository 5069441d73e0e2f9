using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;

namespace EdgeBench.Suites;

/// <summary>Better a failure before the repetitions than readings that do not fit a trial's answer.</summary>
internal static class Readings
{
    // What is added once, at a trial's end.
    private const int Ends = 64;

    /// <summary>Throws <see cref="TrialException"/> where repetitions of so many readings are more than a trial can return.</summary>
    public static void Check(int repetitions, long each, string test) =>
        Check(repetitions * each, $"{repetitions} repetitions of {test}", "Lower 'min_samples', 'min_duration' or the test's length.");

    /// <param name="what">That has them, for the message.</param>
    public static void Check(long readings, string what, string remedy)
    {
        if (readings <= Protocol.MaxTrialReadings - Ends) return;
        throw new TrialException(FailureKind.Unsupported, $"{what} exceed the {Protocol.MaxTrialReadings} readings that a trial can return", remedy);
    }
}
