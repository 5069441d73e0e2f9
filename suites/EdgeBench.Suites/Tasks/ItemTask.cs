using System.Text.Json;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Core.Workloads;
using EdgeBench.Suites.Tasks.Data;

namespace EdgeBench.Suites.Tasks;

/// <summary>What tasks of items have in common: where their files are, what they tell of themselves, and that an answer holds all readings.</summary>
internal static class ItemTask
{
    // For the plan only: English takes about four bytes a token, and an item about as many tokens and bytes.
    private const int BytesPerToken = 4, TokensPerItem = 64, BytesPerItem = 160;

    /// <summary>The file that a trial's parameters name. Throws <see cref="TrialException"/>.</summary>
    public static string PathOf(TrialRequest request, string written) => request.Data.TryGetValue(written, out DataFile? file) ? file.Path
        : throw new TrialException(FailureKind.MissingArtifact, $"The request does not say where the data file '{written}' is", "List the file under 'data'.");

    /// <summary>The problems of reading, or none.</summary>
    public static IReadOnlyList<Problem> Problems(Action read)
    {
        try
        {
            read();
            return [];
        }
        catch (EdgeBenchException error)
        {
            return error.Problems;
        }
    }

    /// <param name="written">Tokens that the model writes for each item.</param>
    public static WorkloadCost Cost(TaskParameters parameters, IReadOnlyDictionary<string, long> dataBytes, int written)
    {
        ArgumentNullException.ThrowIfNull(dataBytes);
        long bytes = dataBytes.GetValueOrDefault(parameters.Data), tokens = bytes / BytesPerToken, items = bytes / BytesPerItem;
        if (parameters.Limit > 0) (tokens, items) = (Math.Min(tokens, (long)parameters.Limit * TokensPerItem), Math.Min(items, parameters.Limit));
        return new(tokens, items * written, Repeats: false, UsesReference: false);
    }

    /// <summary>Tokens that the context may hold: what is asked, or what the model was trained for.</summary>
    public static int ContextOf(TaskParameters parameters, IBackendSession session) => Math.Min(parameters.Context, session.Facts.TrainedContext);

    /// <summary>Throws <see cref="TrialException"/> where the readings would not fit one trial's answer: better before hours of scoring than after.</summary>
    /// <param name="each">Readings of one item at most.</param>
    public static void CheckFits(int items, int each)
    {
        // One reading of the memory comes with each item at most, and a few at the ends.
        const int Others = 64;
        long most = (Protocol.MaxTrialReadings - Others) / (each + 1L);
        if (items <= most) return;
        throw new TrialException(FailureKind.Unsupported, $"{items} items with {each} readings each exceed the {Protocol.MaxTrialReadings} readings that a trial can return",
            $"Set 'limit' to at most {most}.");
    }

    public static void State(ISampleSink samples, TaskParameters parameters, TaskFile file, int items, int context, SessionFacts facts)
    {
        samples.Fact("items", $"{items} of {file.Records.Count}" + (parameters.Seed != 0 && items < file.Records.Count ? $", drawn by seed {parameters.Seed}" : ""));
        samples.Fact(TextOrigin.ScoredSha256, file.Sha256);
        samples.Fact(TextOrigin.ScoredBytes, $"{file.Bytes}");
        samples.Fact("text_start", facts.Bos is { } bos ? $"BOS ({bos}) before each item" : "no BOS");
        if (context < parameters.Context) samples.Fact("context_capped", $"{parameters.Context} asked, the model was trained for {facts.TrainedContext}");
    }

    /// <summary>The parameters themselves as the one test.</summary>
    public static IReadOnlyList<WorkloadTest> OneTest<T>(string name, T parameters) => [new(name, JsonSerializer.SerializeToElement(parameters, Core.IO.EdgeBenchJson.Options))];
}
