using System.Text.Json;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Suites.SingleStream;

/// <summary>
/// One request after another, with llama-bench's tests and rules: random tokens with BOS first where the model has one, an empty context for
/// every repetition, the depth filled untimed, the prompt in the backend's batches, one decode step a token with a wait after each.
/// </summary>
public sealed class SingleStreamWorkload : IWorkload
{
    public string Name => "single-stream";

    public bool IsQuality => false;

    public Type ParametersType => typeof(SingleStreamParameters);

    public IReadOnlyList<Metric> Metrics(JsonElement parameters)
    {
        StreamTest test = SingleStreamParameters.Of(parameters).One();
        List<Metric> metrics = [];
        if (test.Prompt > 0) metrics.AddRange([MetricRegistry.PrefillRate, MetricRegistry.Ttft]);
        if (test.Generate > 0) metrics.Add(MetricRegistry.DecodeRate);
        if (test.Generate > FirstGap(test)) metrics.AddRange([MetricRegistry.Tpot, MetricRegistry.Itl]);
        if (test is { Prompt: > 0, Generate: > 0 }) metrics.AddRange([MetricRegistry.EndToEndRate, MetricRegistry.EndToEnd]);
        return metrics;
    }

    public IReadOnlyList<WorkloadTest> Tests(JsonElement parameters) =>
        [.. SingleStreamParameters.Of(parameters).Spelled().Select(test => new WorkloadTest(test.ToString(), Complete(test)))];

    public SessionNeeds Needs(JsonElement parameters, int threads) => new(threads, SingleStreamParameters.Of(parameters).One().Context, LogitRows: 1);

    public WorkloadShape? Shape(JsonElement parameters)
    {
        StreamTest test = SingleStreamParameters.Of(parameters).One();
        return new WorkloadShape(test.Prompt, test.Generate, test.Depth);
    }

    public WorkloadCost Cost(JsonElement parameters, IReadOnlyDictionary<string, long> dataBytes)
    {
        StreamTest test = SingleStreamParameters.Of(parameters).One();
        return new(test.Prompt + test.Depth, test.Generate, Repeats: true, UsesReference: false);
    }

    public void Run(WorkloadContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        StreamTest test = SingleStreamParameters.Of(context.Request.Parameters).One();
        CheckFits(context.Request.Sampling.MinSamples, test);
        (IBackendSession session, ISampleSink samples) = (context.Session, context.Samples);
        SessionFacts facts = session.Facts;
        samples.Fact("prompt_rule", $"random tokens, seed {context.Request.Seed}, {(facts.Bos is { } bos ? $"first token BOS ({bos})" : "no BOS")}, as llama-bench");
        if (test.Context > facts.TrainedContext)
            samples.Fact("context_beyond_training", $"{test.Context} tokens, trained for {facts.TrainedContext}: speed only, the text would be meaningless");

        StreamClock clock = new(test);
        RandomTokens random = new(context.Request.Seed, facts.Vocabulary);
        for (int i = 0; i < context.Request.Sampling.Warmup; i++)
        {
            clock.Draw(ref random, facts.Bos);
            samples.BeforeRepetition(i, warmup: true);
            clock.WarmUp(session);
        }

        StopRule stop = new(context.Request.Sampling);
        double began = samples.Now;
        for (int repetition = 0; !stop.Enough(repetition, samples.Now - began); repetition++)
        {
            CheckFits(repetition + 1, test);
            clock.Draw(ref random, facts.Bos);
            clock.Prepare(session);
            samples.BeforeRepetition(repetition, warmup: false);
            double start = samples.Now;
            clock.Run(session);
            Record(samples, test, clock, repetition, start);
        }
    }

    // Of one repetition beside its gaps: six rates and times, its own time and tokens, and one of the memory.
    private static void CheckFits(int repetitions, StreamTest test) => Readings.Check(repetitions, test.Generate + 9L, test.ToString());

    // Decode steps before the first gap between two output tokens. After a prompt, the first output token is the prompt's own and every
    // step is a gap; without one, the first step yields the first output token.
    private static int FirstGap(StreamTest test) => test.Prompt > 0 ? 0 : 1;

    private static void Record(ISampleSink samples, StreamTest test, StreamClock clock, int repetition, double start)
    {
        double end = start + clock.TotalSeconds;
        samples.Add(MetricRegistry.RepetitionTime, repetition, clock.TotalSeconds * 1e3, end);
        samples.Add(MetricRegistry.RepetitionTokens, repetition, test.Prompt + test.Generate, end);
        if (test.Prompt > 0)
        {
            double prompted = start + clock.PromptSeconds;
            samples.Add(MetricRegistry.PrefillRate, repetition, test.Prompt / clock.PromptSeconds, prompted);
            samples.Add(MetricRegistry.Ttft, repetition, clock.PromptSeconds * 1e3, prompted);
        }
        if (test.Generate > 0) samples.Add(MetricRegistry.DecodeRate, repetition, test.Generate / clock.DecodeSeconds, end);
        int firstGap = FirstGap(test), gaps = test.Generate - firstGap;
        double gapSeconds = 0;
        for (int step = firstGap; step < test.Generate; step++)
        {
            gapSeconds += clock.StepSeconds(step);
            samples.Add(MetricRegistry.Itl, repetition, clock.StepSeconds(step) * 1e3, start + clock.StepEnd(step));
        }
        if (gaps > 0) samples.Add(MetricRegistry.Tpot, repetition, gapSeconds * 1e3 / gaps, end);
        if (test is not { Prompt: > 0, Generate: > 0 }) return;
        samples.Add(MetricRegistry.EndToEndRate, repetition, (test.Prompt + test.Generate) / clock.TotalSeconds, end);
        samples.Add(MetricRegistry.EndToEnd, repetition, clock.TotalSeconds * 1e3, end);
    }

    private static JsonElement Complete(StreamTest test) =>
        JsonSerializer.SerializeToElement(new SingleStreamParameters { Prompt = test.Prompt, Generate = test.Generate, Depth = test.Depth }, EdgeBenchJson.Options);
}
