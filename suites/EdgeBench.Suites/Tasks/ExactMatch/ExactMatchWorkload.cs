using System.Text.Json;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;
using EdgeBench.Suites.Tasks.Data;
using EdgeBench.Suites.Tasks.Scoring;

namespace EdgeBench.Suites.Tasks.ExactMatch;

/// <summary>Prompts that the model continues greedily; a text is right where it is the expected one after <see cref="NormalisedText"/>.</summary>
public sealed class ExactMatchWorkload : IWorkload
{
    // Wrong texts that are told in words; every item's tokens are among the raw readings.
    private const int Examples = 3;

    public string Name => "exact-match";

    public bool IsQuality => true;

    public Type ParametersType => typeof(ExactMatchParameters);

    public IReadOnlyList<Metric> Metrics(JsonElement parameters) => [MetricRegistry.ExactMatch];

    public IReadOnlyList<WorkloadTest> Tests(JsonElement parameters) => ItemTask.OneTest(Name, ExactMatchParameters.Of(parameters));

    public SessionNeeds Needs(JsonElement parameters, int threads) => new(threads, ExactMatchParameters.Of(parameters).Context, LogitRows: 1);

    public IReadOnlyList<string> DataFiles(JsonElement parameters) => [ExactMatchParameters.Of(parameters).Data];

    public WorkloadCost Cost(JsonElement parameters, IReadOnlyDictionary<string, long> dataBytes)
    {
        ExactMatchParameters read = ExactMatchParameters.Of(parameters);
        // A text ends about half way.
        return ItemTask.Cost(read, dataBytes, (read.Generate + 1) / 2);
    }

    public IReadOnlyList<Problem> CheckData(JsonElement parameters, IReadOnlyDictionary<string, string> files)
    {
        ExactMatchParameters read = ExactMatchParameters.Of(parameters);
        return ItemTask.Problems(() => TextPairs.Read(read, files[read.Data]));
    }

    public void Run(WorkloadContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (IBackendSession session, ISampleSink samples) = (context.Session, context.Samples);
        ExactMatchParameters parameters = ExactMatchParameters.Of(context.Request.Parameters);
        TextPairs pairs = TextPairs.Read(parameters, ItemTask.PathOf(context.Request, parameters.Data));
        TextPair[] picked = [.. ItemPick.Of(pairs.All.Count, parameters.Limit, parameters.Seed).Select(item => pairs.All[item])];
        int room = ItemTask.ContextOf(parameters, session) - parameters.Generate;
        if (room < 1) throw new TrialException(FailureKind.Unsupported, $"'generate: {parameters.Generate}' leaves no room for a prompt in the {session.Facts.TrainedContext} tokens that the model was trained for", "Lower 'generate'.");
        ItemTask.CheckFits(picked.Length, 2 + parameters.Generate);
        ItemTask.State(samples, parameters, pairs.File, picked.Length, room + parameters.Generate, session.Facts);
        State(samples, parameters);

        TokenText encoder = new(session);
        int[][] prompts = [.. picked.Select(pair => encoder.Encode(pair.Prompt))];
        if (Array.FindIndex(prompts, prompt => prompt.Length == 0) is >= 0 and int empty)
            throw new TrialException(FailureKind.Unsupported, $"{parameters.Data}:{picked[empty].Line}: its prompt has no token, and the model adds none", "Give a template with words in it.");
        samples.Fact("items_cut", $"{prompts.Count(prompt => prompt.Length > room)}");
        GreedyText writer = new(session, parameters.Stop, parameters.Generate);
        int wrong = 0;
        for (int i = 0; i < picked.Length; i++)
        {
            samples.BeforeRepetition(picked[i].Index, warmup: false);
            int cut = Math.Max(0, prompts[i].Length - room);
            string text = NormalisedText.Of(writer.After(prompts[i].AsSpan(cut)), parameters.IgnoreCase);
            bool right = text == picked[i].Completion;
            double at = samples.Now;
            samples.Add(ItemMetrics.ExactMatch, picked[i].Index, right ? 1 : 0, at);
            samples.Add(ItemMetrics.TokensCut, picked[i].Index, cut, at);
            foreach (int token in writer.Tokens) samples.Add(ItemMetrics.GeneratedToken, picked[i].Index, token, at);
            if (!right && wrong++ < Examples) samples.Fact($"wrong_{wrong}", $"line {picked[i].Line}: '{Short(text)}' in place of '{Short(picked[i].Completion)}'");
        }
    }

    private static void State(ISampleSink samples, ExactMatchParameters parameters)
    {
        string stop = parameters.Stop.Length == 0 ? "" : $", '{parameters.Stop.ReplaceLineEndings("\\n")}'";
        samples.Fact("writing_rule", $"the largest logit, until a token that ends texts{stop}, or {parameters.Generate} tokens");
        samples.Fact("normalisation", "white space at the ends dropped and inside joined to one blank" + (parameters.IgnoreCase ? ", small letters" : ""));
    }

    private static string Short(string text) => text.Length <= 120 ? text : $"{text[..120]}…";
}
