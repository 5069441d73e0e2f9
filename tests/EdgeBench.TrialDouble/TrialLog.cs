using System.Diagnostics;

namespace EdgeBench.TrialDouble;

/// <summary>
/// What trials really did, in a file beside the device's own: a line when one begins its work and one when it has ended it, so that a test can compare
/// what was measured with what was accepted. Times are of the monotonic clock, which all processes of a machine share and no step touches.
/// </summary>
internal static class TrialLog
{
    /// <summary>Environment variable that names the file; without it nothing is written.</summary>
    public const string Variable = "EDGEBENCH_DOUBLE_LOG";

    public static void Note(string what, string trial)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path) File.AppendAllText(path, $"{what} {trial} {Stopwatch.GetTimestamp()}\n");
    }
}
