using System.Text.Json;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Suites.Perplexity;

/// <summary>
/// Perplexity of a text by the rule of llama.cpp's perplexity tool, and, against the uncompressed reference on the same tokens: the change of each
/// token's loss, KL divergence over the whole vocabulary, and agreement on the best token.
/// </summary>
public sealed class PerplexityWorkload : IWorkload
{
    // For the plan only: English takes about four bytes a token.
    private const int BytesPerToken = 4;

    public string Name => "perplexity";

    public bool IsQuality => true;

    public Type ParametersType => typeof(PerplexityParameters);

    public IReadOnlyList<Metric> Metrics(JsonElement parameters) =>
        PerplexityParameters.Of(parameters).Reference == ReferenceUse.None
            ? [MetricRegistry.Perplexity]
            : [MetricRegistry.Perplexity, MetricRegistry.LogPerplexityRatio, MetricRegistry.KlDivergence, MetricRegistry.Top1Agreement];

    public IReadOnlyList<WorkloadTest> Tests(JsonElement parameters) =>
        [new WorkloadTest(Name, JsonSerializer.SerializeToElement(PerplexityParameters.Of(parameters), EdgeBenchJson.Options))];

    public SessionNeeds Needs(JsonElement parameters, int threads) => new(threads, PerplexityParameters.Of(parameters).Context, WindowScorer.RowsAtOnce);

    public IReadOnlyList<string> DataFiles(JsonElement parameters) => [PerplexityParameters.Of(parameters).Data];

    public WorkloadCost Cost(JsonElement parameters, IReadOnlyDictionary<string, long> dataBytes)
    {
        ArgumentNullException.ThrowIfNull(dataBytes);
        PerplexityParameters read = PerplexityParameters.Of(parameters);
        long tokens = dataBytes.GetValueOrDefault(read.Data) / BytesPerToken;
        long wanted = (long)read.Chunks * read.Context;
        if (wanted > 0) tokens = tokens > 0 ? Math.Min(tokens, wanted) : wanted;
        bool reference = read.Reference == ReferenceUse.Auto;
        return new(reference ? 2 * tokens : tokens, 0, Repeats: false, UsesReference: reference);
    }

    public void Run(WorkloadContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        TrialRequest request = context.Request;
        PerplexityParameters parameters = PerplexityParameters.Of(request.Parameters);
        TextFile text = TextFile.Of(request, parameters.Data);
        if (parameters.Reference == ReferenceUse.Auto && request.Reference is null)
            throw new TrialException(FailureKind.MissingArtifact, "There is no uncompressed reference to compare with", "Set 'reference: none' to score the artifact alone.");

        IBackendSession session = context.Session;
        int[] tokens = session.Tokenize(text.Text, special: true);
        int length = Math.Min(parameters.Context, session.Facts.TrainedContext);
        WindowPlan plan = WindowPlan.Of(tokens.Length, length, parameters.Chunks, parameters.Score);
        bool compare = parameters.Reference == ReferenceUse.Auto;
        plan.CheckFits(Metrics(request.Parameters).Count);
        State(context.Samples, parameters, plan, text, session.Facts);
        bool own = compare && request.Reference!.IsSameAs(request.Artifact) && request.ReferenceRunner is null;
        if (compare)
        {
            context.Samples.Fact("reference_sha256", request.Reference!.Sha256);
            context.Samples.Fact("reference_backend", request.ReferenceRunner?.Backend ?? request.Backend);
        }
        if (own) context.Samples.Fact("reference", "the artifact is its own reference: differences are zero by definition, not by measurement");
        using IBackendSession? reference = compare && !own ? context.OpenReference() : null;
        if (reference is not null) CheckSame(session, reference, tokens, text.Text);

        WindowScorer scorer = new(session, reference, own, context.Samples, plan, tokens);
        for (int window = 0; window < plan.Windows; window++)
        {
            context.Samples.BeforeRepetition(window, warmup: false);
            scorer.Score(window);
        }
    }

    private static void State(ISampleSink samples, PerplexityParameters parameters, WindowPlan plan, TextFile text, SessionFacts facts)
    {
        string bos = facts.Bos is { } id ? $"BOS ({id}) replaces each window's first token" : "no BOS";
        samples.Fact("window_rule", $"windows of {plan.Length} tokens, not overlapping, empty context each, {bos}; positions {plan.First} to {plan.Length - 2} "
            + $"predict their next token ({plan.ScoredPerWindow} a window), {(parameters.Score == ScoredPart.SecondHalf ? "as llama.cpp's perplexity tool" : "all of a window")}");
        if (plan.Length < parameters.Context) samples.Fact("context_capped", $"{parameters.Context} asked, the model was trained for {facts.TrainedContext}");
        samples.Fact("windows", $"{plan.Windows}");
        samples.Fact("tokens_scored", $"{(long)plan.Windows * plan.ScoredPerWindow}");
        samples.Fact("tokens_left_over", $"{plan.LeftOver} of {plan.Tokens}");
        samples.Fact(TextOrigin.ScoredSha256, text.Sha256);
        samples.Fact(TextOrigin.ScoredBytes, $"{(long)((double)plan.Windows * plan.Length / plan.Tokens * text.Bytes)}");
        samples.Fact("text_bytes", $"{text.Bytes}");
    }

    private static void CheckSame(IBackendSession artifact, IBackendSession reference, int[] tokens, string text)
    {
        if (artifact.Facts.Vocabulary != reference.Facts.Vocabulary || artifact.Facts.Bos != reference.Facts.Bos)
        {
            throw new TrialException(FailureKind.Unsupported,
                $"The artifact has {artifact.Facts.Vocabulary} tokens, its reference {reference.Facts.Vocabulary}, or their BOS differs", "Compare a model with its own reference.");
        }
        if (!tokens.AsSpan().SequenceEqual(reference.Tokenize(text, special: true)))
            throw new TrialException(FailureKind.Unsupported, "The artifact and its reference split the text into different tokens", "Compare a model with its own reference.");
    }
}
