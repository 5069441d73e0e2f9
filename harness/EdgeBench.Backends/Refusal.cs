using EdgeBench.Core.Backends;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends;

/// <summary>Turns what a check throws about a user's files and options into the failure that a trial tells.</summary>
internal static class Refusal
{
    public static TrialFailure? Of(Func<TrialFailure?> check)
    {
        try
        {
            return check();
        }
        catch (EdgeBenchException error)
        {
            return Of(error);
        }
        catch (TrialException error)
        {
            return error.Failure;
        }
    }

    public static TrialFailure Of(EdgeBenchException error) => new(FailureKind.Unsupported, error.Message, error.Problems[0].Remedy);
}
