using System.Text.Json;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Workloads;
using EdgeBench.Suites.Tasks.MultipleChoice;
using EdgeBench.Suites.Tasks.Scoring;

namespace EdgeBench.Suites.Tasks.Classification;

/// <summary>Texts and their labels: predicted is the label with the largest log-likelihood after the text, scored as a choice of <see cref="MultipleChoiceWorkload"/>.</summary>
public sealed class ClassificationWorkload : IWorkload
{
    public string Name => "classification";

    public bool IsQuality => true;

    public Type ParametersType => typeof(ClassificationParameters);

    public IReadOnlyList<Metric> Metrics(JsonElement parameters) => [MetricRegistry.ClassAccuracy, MetricRegistry.MacroF1];

    public IReadOnlyList<WorkloadTest> Tests(JsonElement parameters) => ItemTask.OneTest(Name, ClassificationParameters.Of(parameters));

    public SessionNeeds Needs(JsonElement parameters, int threads) => new(threads, ClassificationParameters.Of(parameters).Context, ContinuationScorer.RowsAtOnce);

    public IReadOnlyList<string> DataFiles(JsonElement parameters) => [ClassificationParameters.Of(parameters).Data];

    public WorkloadCost Cost(JsonElement parameters, IReadOnlyDictionary<string, long> dataBytes) => ItemTask.Cost(ClassificationParameters.Of(parameters), dataBytes, written: 0);

    public IReadOnlyList<Problem> CheckData(JsonElement parameters, IReadOnlyDictionary<string, string> files)
    {
        ClassificationParameters read = ClassificationParameters.Of(parameters);
        return ItemTask.Problems(() => LabelledTexts.Read(read, files[read.Data]));
    }

    public void Run(WorkloadContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ClassificationParameters parameters = ClassificationParameters.Of(context.Request.Parameters);
        LabelledTexts texts = LabelledTexts.Read(parameters, ItemTask.PathOf(context.Request, parameters.Data));
        int room = ItemTask.ContextOf(parameters, context.Session);
        ItemTask.CheckFits(texts.Picked.Count, 4 + texts.Labels.Count);
        ItemTask.State(context.Samples, parameters, texts.File, texts.Picked.Count, room, context.Session.Facts);
        context.Samples.Fact("labels", string.Join(", ", texts.Labels));
        context.Samples.Fact("scoring_rule", "log-likelihood of each label's tokens after the text; text and label encoded together and split as lm-evaluation-harness does");

        ItemEncoder encoder = new(context.Session, room, parameters.Data);
        string[] continuations = [.. texts.Labels.Select(label => parameters.Delimiter + label)];
        ScoredItem[] items = [.. texts.Picked.Select(text => encoder.Of(text.Index, text.Line, text.Text, continuations))];
        context.Samples.Fact("items_cut", $"{items.Count(item => item.Cut(room) > 0)}");
        ContinuationScorer scorer = new(context.Session, room);
        double[] scores = new double[continuations.Length];
        for (int i = 0; i < items.Length; i++)
        {
            context.Samples.BeforeRepetition(items[i].Index, warmup: false);
            scorer.Score(items[i], scores);
            Record(context.Samples, texts.Picked[i], scores, items[i].Cut(room));
        }
    }

    private static void Record(ISampleSink samples, LabelledText text, double[] scores, int cut)
    {
        double at = samples.Now;
        int best = MultipleChoiceWorkload.Best(scores);
        Add(ItemMetrics.ClassAccuracy, best == text.Class ? 1 : 0);
        Add(ItemMetrics.Class, text.Class);
        Add(ItemMetrics.PredictedClass, best);
        Add(ItemMetrics.TokensCut, cut);
        foreach (double score in scores) Add(ItemMetrics.LogLikelihood, score);

        void Add(Metric metric, double value) => samples.Add(metric, text.Index, value, at);
    }
}
