using System.Globalization;
using System.Text.Json;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Workloads;
using EdgeBench.Suites.SingleStream;

namespace EdgeBench.Suites.Sustained;

/// <summary>
/// Prompt and decode over and over for minutes: how much of its speed a device keeps once it is hot. A minute ends with the first repetition that ends
/// after 60 s, so that no repetition is cut; its speed is its tokens over the time of its repetitions.
/// </summary>
/// <param name="windowSeconds">Length of a minute.</param>
public sealed class SustainedWorkload(double windowSeconds) : IWorkload
{
    public SustainedWorkload() : this(60)
    {
    }

    public string Name => "sustained";

    public bool IsQuality => false;

    public Type ParametersType => typeof(SustainedParameters);

    public IReadOnlyList<Metric> Metrics(JsonElement parameters) => [MetricRegistry.SustainedRate, MetricRegistry.SustainedShare];

    public IReadOnlyList<WorkloadTest> Tests(JsonElement parameters)
    {
        SustainedParameters read = SustainedParameters.Of(parameters);
        return [new WorkloadTest($"{read.Test} for {read.Minutes.ToString(CultureInfo.InvariantCulture)} min", parameters)];
    }

    public SessionNeeds Needs(JsonElement parameters, int threads) => new(threads, SustainedParameters.Of(parameters).Test.Context, LogitRows: 1);

    public WorkloadCost Cost(JsonElement parameters, IReadOnlyDictionary<string, long> dataBytes)
    {
        SustainedParameters read = SustainedParameters.Of(parameters);
        // How many tokens fit is what is measured; the time is known.
        return new(read.Prompt, read.Generate, Repeats: false, UsesReference: false) { Seconds = read.Minutes * windowSeconds };
    }

    public void Run(WorkloadContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        SustainedParameters parameters = SustainedParameters.Of(context.Request.Parameters);
        StreamTest test = parameters.Test;
        (IBackendSession session, ISampleSink samples) = (context.Session, context.Samples);
        samples.Fact("prompt_rule", $"random tokens, seed {context.Request.Seed}, {(session.Facts.Bos is { } bos ? $"first token BOS ({bos})" : "no BOS")}, as llama-bench");
        samples.Fact("minute_rule", $"a minute ends with the first repetition that ends after {windowSeconds.ToString(CultureInfo.InvariantCulture)} s");

        StreamClock clock = new(test);
        RandomTokens random = new(context.Request.Seed, session.Facts.Vocabulary);
        for (int i = 0; i < context.Request.Sampling.Warmup; i++)
        {
            clock.Draw(ref random, session.Facts.Bos);
            samples.BeforeRepetition(i, warmup: true);
            clock.WarmUp(session);
        }

        double[] rates = new double[parameters.Minutes];
        int repetition = 0;
        for (int minute = 0; minute < rates.Length; minute++)
        {
            double began = samples.Now, busy = 0;
            long tokens = 0;
            do
            {
                clock.Draw(ref random, session.Facts.Bos);
                clock.Prepare(session);
                samples.BeforeRepetition(repetition, warmup: false);
                double start = samples.Now;
                clock.Run(session);
                samples.Add(MetricRegistry.RepetitionTime, repetition, clock.TotalSeconds * 1e3, start + clock.TotalSeconds);
                samples.Add(MetricRegistry.RepetitionTokens, repetition, test.Prompt + test.Generate, start + clock.TotalSeconds);
                repetition++;
                busy += clock.TotalSeconds;
                tokens += test.Prompt + test.Generate;
            }
            while (samples.Now - began < windowSeconds);
            rates[minute] = tokens / busy;
            samples.Add(MetricRegistry.SustainedRate, minute, rates[minute], samples.Now);
            CheckFits((long)repetition * rates.Length / (minute + 1), rates.Length, test);
        }
        samples.Add(MetricRegistry.SustainedShare, 0, rates[^1] / rates[0], samples.Now);
    }

    // Told after the first minute. A repetition's time and tokens; a minute's speed and some 120 readings of the memory.
    private static void CheckFits(long repetitions, int minutes, StreamTest test) =>
        Readings.Check((repetitions * 2) + (minutes * 128L), $"{repetitions} repetitions of {test} in {minutes} minutes", "Raise 'prompt' and 'generate', or lower 'minutes'.");
}
