using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;
using EdgeBench.Suites.Perplexity;
using EdgeBench.Suites.SingleStream;

namespace EdgeBench.Suites.Generation;

/// <summary>
/// One text after another that the model itself writes: a piece of a real text as the prompt, then the largest logit as the next token. What sets it apart from
/// <c>single-stream</c> is that its tokens mean something, so that a draft model can guess them. A session with a draft also writes every text without it, and
/// both must be the same.
/// </summary>
public sealed class GenerationWorkload : IWorkload
{
    public string Name => "generation";

    public bool IsQuality => false;

    public Type ParametersType => typeof(GenerationParameters);

    /// <summary>Those that every backend has; <see cref="MetricRegistry.DraftAccepted"/> and <see cref="MetricRegistry.DraftSpeedUp"/> come with a draft.</summary>
    public IReadOnlyList<Metric> Metrics(JsonElement parameters) =>
        [MetricRegistry.Ttft, MetricRegistry.GenerationRate, MetricRegistry.Tpot, MetricRegistry.Itl, MetricRegistry.EndToEnd];

    public IReadOnlyList<WorkloadTest> Tests(JsonElement parameters)
    {
        GenerationParameters read = GenerationParameters.Of(parameters);
        return [new WorkloadTest($"greedy{read.Generate} after {read.Prompt}", JsonSerializer.SerializeToElement(read, EdgeBenchJson.Options))];
    }

    public SessionNeeds Needs(JsonElement parameters, int threads) => new(threads, GenerationParameters.Of(parameters).Context, LogitRows: 1) { OwnText = true };

    public IReadOnlyList<string> DataFiles(JsonElement parameters) => [GenerationParameters.Of(parameters).Data];

    public WorkloadCost Cost(JsonElement parameters, IReadOnlyDictionary<string, long> dataBytes)
    {
        GenerationParameters read = GenerationParameters.Of(parameters);
        return new(read.Prompt, read.Generate, Repeats: true, UsesReference: false);
    }

    public void Run(WorkloadContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (IBackendSession session, ISampleSink samples, Sampling sampling) = (context.Session, context.Samples, context.Request.Sampling);
        GenerationParameters parameters = GenerationParameters.Of(context.Request.Parameters);
        TextFile text = TextFile.Of(context.Request, parameters.Data);
        PromptPieces prompts = new(session, text.Text, parameters.Prompt, parameters.Prompts);
        Readings.Check(sampling.MinSamples, OfRepetition(parameters), Tests(context.Request.Parameters)[0].Test);
        State(samples, parameters, text, session.Facts);

        GreedyClock clock = new(parameters.Generate), alone = new(parameters.Generate);
        for (int i = 0; i < sampling.Warmup; i++)
        {
            samples.BeforeRepetition(i, warmup: true);
            clock.Run(session, prompts.Of(i), drafted: true);
        }

        using IncrementalHash written = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        StopRule stop = new(sampling);
        int hashed = Math.Min(parameters.Prompts, sampling.MinSamples), repetition = 0;
        for (double began = samples.Now; !stop.Enough(repetition, samples.Now - began); repetition++)
        {
            Readings.Check(repetition + 1, OfRepetition(parameters), Tests(context.Request.Parameters)[0].Test);
            // Who comes first changes, so that a drift of the machine favours nobody.
            if (repetition % 2 == 0) WriteAlone(session, prompts.Of(repetition), alone);
            DraftCounts before = Counts(session);
            samples.BeforeRepetition(repetition, warmup: false);
            double start = samples.Now;
            clock.Run(session, prompts.Of(repetition), drafted: true);
            Record(samples, parameters, clock, repetition, start);
            DraftCounts after = Counts(session);
            if (repetition % 2 != 0) WriteAlone(session, prompts.Of(repetition), alone);
            if (session is IDraftingSession) Compare(samples, clock, alone, new(after.Drafted - before.Drafted, after.Taken - before.Taken), repetition);
            if (repetition < hashed) written.AppendData(MemoryMarshal.AsBytes(clock.Text));
        }
        samples.Fact("generated_sha256", Convert.ToHexStringLower(written.GetHashAndReset()));
        samples.Fact("generated_rule", $"token ids, 32 bits each, of the first {Math.Min(hashed, repetition)} texts of {parameters.Generate} tokens");
    }

    private static DraftCounts Counts(IBackendSession session) => session is IDraftingSession drafting ? drafting.Counts : default;

    private static void WriteAlone(IBackendSession session, ReadOnlySpan<int> prompt, GreedyClock clock)
    {
        if (session is IDraftingSession) clock.Run(session, prompt, drafted: false);
    }

    private static void Compare(ISampleSink samples, GreedyClock drafted, GreedyClock alone, DraftCounts counts, int repetition)
    {
        int same = drafted.Text.CommonPrefixLength(alone.Text);
        if (same < alone.Text.Length)
        {
            throw new TrialException(FailureKind.Unsupported, $"With the draft, token {same} of text {repetition} is {drafted.Text[same]}; without it the model writes {alone.Text[same]}",
                "Speculation must change nothing: report it, and leave 'draft' out.");
        }
        if (counts.Drafted > 0) samples.Add(MetricRegistry.DraftAccepted, repetition, counts.Taken / (double)counts.Drafted, samples.Now);
        samples.Add(MetricRegistry.DraftSpeedUp, repetition, alone.RestSeconds / drafted.RestSeconds, samples.Now);
    }

    // Beside the gaps: four rates and times, the repetition's own time and tokens, two of the draft, and one of the memory.
    private static int OfRepetition(GenerationParameters parameters) => parameters.Generate + 9;

    private static void Record(ISampleSink samples, GenerationParameters parameters, GreedyClock clock, int repetition, double start)
    {
        double end = start + clock.TotalSeconds;
        int gaps = parameters.Generate - 1;
        samples.Add(MetricRegistry.RepetitionTime, repetition, clock.TotalSeconds * 1e3, end);
        samples.Add(MetricRegistry.RepetitionTokens, repetition, parameters.Prompt + parameters.Generate, end);
        samples.Add(MetricRegistry.Ttft, repetition, clock.FirstSeconds * 1e3, start + clock.FirstSeconds);
        samples.Add(MetricRegistry.GenerationRate, repetition, gaps / clock.RestSeconds, end);
        samples.Add(MetricRegistry.Tpot, repetition, clock.RestSeconds * 1e3 / gaps, end);
        for (int token = 1; token <= gaps; token++) samples.Add(MetricRegistry.Itl, repetition, clock.GapSeconds(token) * 1e3, start + clock.KnownAt(token));
        samples.Add(MetricRegistry.EndToEnd, repetition, clock.TotalSeconds * 1e3, end);
    }

    private static void State(ISampleSink samples, GenerationParameters parameters, TextFile text, SessionFacts facts)
    {
        samples.Fact("prompt_rule", $"{parameters.Prompts} pieces of {parameters.Prompt} tokens, evenly spread over the text, in turn; "
            + (facts.Bos is { } bos ? $"BOS ({bos}) replaces each piece's first token" : "no BOS"));
        samples.Fact("choice_rule", "the largest logit; the end of a text ends nothing");
        samples.Fact(TextOrigin.ScoredSha256, text.Sha256);
        if (parameters.Context > facts.TrainedContext) samples.Fact("context_beyond_training", $"{parameters.Context} tokens, trained for {facts.TrainedContext}");
    }
}
