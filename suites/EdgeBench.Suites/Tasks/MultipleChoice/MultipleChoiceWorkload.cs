using System.Text;
using System.Text.Json;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Workloads;
using EdgeBench.Suites.Tasks.Data;
using EdgeBench.Suites.Tasks.Scoring;

namespace EdgeBench.Suites.Tasks.MultipleChoice;

/// <summary>
/// Questions with choices, by the definitions of lm-evaluation-harness's <c>multiple_choice</c>: the choice with the largest log-likelihood after the question
/// (acc), or with the largest one over its bytes (acc_norm); of equal ones the first.
/// </summary>
public sealed class MultipleChoiceWorkload : IWorkload
{
    public string Name => "multiple-choice";

    public bool IsQuality => true;

    public Type ParametersType => typeof(MultipleChoiceParameters);

    public IReadOnlyList<Metric> Metrics(JsonElement parameters) => [MetricRegistry.Accuracy, MetricRegistry.NormalisedAccuracy];

    public IReadOnlyList<WorkloadTest> Tests(JsonElement parameters) => ItemTask.OneTest(Name, MultipleChoiceParameters.Of(parameters));

    public SessionNeeds Needs(JsonElement parameters, int threads) => new(threads, MultipleChoiceParameters.Of(parameters).Context, ContinuationScorer.RowsAtOnce);

    public IReadOnlyList<string> DataFiles(JsonElement parameters) =>
        MultipleChoiceParameters.Of(parameters) is var read && read.Answers is { } answers ? [read.Data, answers] : [read.Data];

    public WorkloadCost Cost(JsonElement parameters, IReadOnlyDictionary<string, long> dataBytes) => ItemTask.Cost(MultipleChoiceParameters.Of(parameters), dataBytes, written: 0);

    public IReadOnlyList<Problem> CheckData(JsonElement parameters, IReadOnlyDictionary<string, string> files)
    {
        MultipleChoiceParameters read = MultipleChoiceParameters.Of(parameters);
        return ItemTask.Problems(() => ChoiceQuestions.Read(read, files[read.Data], read.Answers is { } answers ? files[answers] : null));
    }

    public void Run(WorkloadContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        MultipleChoiceParameters parameters = MultipleChoiceParameters.Of(context.Request.Parameters);
        ChoiceQuestions questions = ChoiceQuestions.Read(parameters, ItemTask.PathOf(context.Request, parameters.Data),
            parameters.Answers is { } answers ? ItemTask.PathOf(context.Request, answers) : null);
        ChoiceQuestion[] picked = [.. ItemPick.Of(questions.All.Count, parameters.Limit, parameters.Seed).Select(item => questions.All[item])];
        int room = ItemTask.ContextOf(parameters, context.Session);
        ItemTask.CheckFits(picked.Length, 6 + (2 * picked.Max(question => question.Choices.Count)));
        ItemTask.State(context.Samples, parameters, questions.File, picked.Length, room, context.Session.Facts);
        context.Samples.Fact("scoring_rule", "log-likelihood of each choice's tokens after the question; context and choice encoded together and split as lm-evaluation-harness does");

        ItemEncoder encoder = new(context.Session, room, parameters.Data);
        ScoredItem[] items = [.. picked.Select(question => encoder.Of(question.Index, question.Line, question.Text, [.. question.Choices.Select(choice => parameters.Delimiter + choice)]))];
        context.Samples.Fact("items_cut", $"{items.Count(item => item.Cut(room) > 0)}");
        ContinuationScorer scorer = new(context.Session, room);
        for (int i = 0; i < items.Length; i++)
        {
            context.Samples.BeforeRepetition(items[i].Index, warmup: false);
            double[] scores = new double[items[i].Continuations.Length];
            scorer.Score(items[i], scores);
            Record(context.Samples, picked[i], scores, items[i].Cut(room));
        }
    }

    private static void Record(ISampleSink samples, ChoiceQuestion question, double[] scores, int cut)
    {
        double at = samples.Now;
        int[] bytes = [.. question.Choices.Select(Encoding.UTF8.GetByteCount)];
        int best = Best(scores), bestNormalised = Best([.. scores.Select((score, i) => score / bytes[i])]);
        Add(ItemMetrics.Accuracy, best == question.Right ? 1 : 0);
        Add(ItemMetrics.NormalisedAccuracy, bestNormalised == question.Right ? 1 : 0);
        Add(ItemMetrics.Answer, question.Right);
        Add(ItemMetrics.Choice, best);
        Add(ItemMetrics.NormalisedChoice, bestNormalised);
        Add(ItemMetrics.TokensCut, cut);
        foreach (double score in scores) Add(ItemMetrics.LogLikelihood, score);
        foreach (int length in bytes) Add(ItemMetrics.ChoiceBytes, length);

        void Add(Metric metric, double value) => samples.Add(metric, question.Index, value, at);
    }

    /// <summary>The first index of the largest value.</summary>
    internal static int Best(ReadOnlySpan<double> values) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(values);
}
