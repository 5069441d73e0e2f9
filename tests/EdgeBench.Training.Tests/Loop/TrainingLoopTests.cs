using EdgeBench.Core.Problems;
using EdgeBench.Core.Training;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Optimisers;
using EdgeBench.Testing;
using EdgeBench.Training.Data;
using EdgeBench.Training.Loop;

namespace EdgeBench.Training.Tests.Loop;

public class TrainingLoopTests
{
    [Fact]
    public void It_learns_and_keeps_the_best_weights()
    {
        using TemporaryFolder folder = new();
        using TinyTraining tiny = new();
        TrainingOutcome outcome = tiny.Train(folder.Path, TinyTraining.Settings with { Steps = 600 })!;
        GroupScore first = outcome.Curve[0].Validation.Single(), best = outcome.Best.Single();
        Assert.Equal(0, outcome.Curve[0].Step);
        Assert.True(best.Loss < first.Loss / 2, $"{best.Loss} after {first.Loss}");
        Assert.True(best.Right > 20, $"{best.Right} of {best.Items}");
        Assert.Equal(outcome.Curve.Where(point => point.Validation.Count > 0).Min(point => point.Validation[0].Loss), best.Loss);
        // The model holds them: scored again they give the same.
        using Trainer scorer = new(tiny.Model, new Sgd(), WarmUpSchedule.Constant(1e-3), new());
        GroupScore again = new Evaluation(TinyTraining.Data(40, 2).Items, 1024, TinyTraining.Vocabulary).Score(scorer).Single();
        Assert.Equal((best.Loss, best.Right), (again.Loss, again.Right));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(37)]
    [InlineData(59)]
    public void A_training_that_is_interrupted_ends_with_the_same_weights(int at)
    {
        using TemporaryFolder one = new(), two = new();
        List<CurvePoint> whole = [], resumed = [];
        using TinyTraining straight = new();
        TrainingOutcome expected = straight.Train(one.Path, curve: whole)!;
        using (TinyTraining before = new()) Assert.Null(before.Train(two.Path, stopAfter: at));
        using TinyTraining after = new(seed: 99);
        TrainingOutcome found = after.Train(two.Path, curve: resumed)!;
        Assert.Equal(straight.Weights(), after.Weights());
        Assert.Equal(expected.BestStep, found.BestStep);
        Assert.Equal(whole.Select(point => (point.Step, point.Tokens, point.TrainingLoss, point.Validation.Count)), resumed.Select(point => (point.Step, point.Tokens, point.TrainingLoss, point.Validation.Count)));
    }

    [Fact]
    public void Threads_and_accumulation_in_pieces_change_no_bit()
    {
        using TemporaryFolder one = new(), two = new();
        TrainingSettings settings = TinyTraining.Settings with { Accumulate = 3, Steps = 20 };
        using TinyTraining single = new(), double_ = new();
        single.Train(one.Path, settings);
        double_.Train(two.Path, settings with { Threads = 2 });
        Assert.Equal(single.Weights(), double_.Weights());
    }

    [Fact]
    public void Finished_training_is_not_trained_again()
    {
        using TemporaryFolder folder = new();
        using TinyTraining first = new(), second = new(seed: 5);
        TrainingOutcome done = first.Train(folder.Path)!;
        TrainingOutcome again = second.Train(folder.Path)!;
        Assert.Equal((done.Steps, done.Seconds, done.Curve.Count), (again.Steps, again.Seconds, again.Curve.Count));
        Assert.Equal(first.Weights(), second.Weights());
    }

    [Fact]
    public void It_stops_where_scores_become_no_better()
    {
        using TemporaryFolder folder = new();
        using TinyTraining tiny = new();
        // Validation that contradicts what is learnt can only become worse.
        ExampleSet contrary = new([.. TinyTraining.Data(40, 2).Items.Select(item => item with { Tokens = [item.Tokens[0], item.Tokens[1], 0, 0, item.Tokens[0]] })], 0);
        TrainingOutcome outcome = tiny.Train(folder.Path, TinyTraining.Settings with { Steps = 1000, EvaluateEvery = 10, Patience = 3 }, validation: contrary)!;
        Assert.Equal(StopReason.Patience, outcome.Stopped);
        Assert.InRange(outcome.Steps, 30, 200);
        Assert.Equal(outcome.Steps - 30, outcome.BestStep);
    }

    [Fact]
    public void A_rate_that_diverges_is_stopped_and_the_last_checkpoint_kept()
    {
        using TemporaryFolder folder = new();
        using (TinyTraining begun = new()) begun.Train(folder.Path, TinyTraining.Settings with { Rate = 5000, Clip = 0, Optimiser = OptimiserKind.Sgd, WarmUp = 0.5, Steps = 400 }, stopAfter: 1);
        Assert.True(File.Exists(folder.File("last.ckpt")));
        using TinyTraining tiny = new();
        EdgeBenchException error = Assert.ThrowsAny<EdgeBenchException>(() => tiny.Train(folder.Path, TinyTraining.Settings with { Rate = 5000, Clip = 0, Optimiser = OptimiserKind.Sgd, WarmUp = 0.5, Steps = 400 }));
        Assert.Contains("step", error.Message);
        Assert.Contains("ower the learning rate", error.Message + error.Problems[0].Remedy);
        Assert.True(File.Exists(folder.File("last.ckpt")));
        Assert.All(tiny.Weights(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void A_checkpoint_of_another_recipe_is_refused()
    {
        using TemporaryFolder folder = new();
        using TinyTraining first = new(), second = new();
        first.Train(folder.Path, stopAfter: 5);
        float[] before = second.Weights();
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => second.Train(folder.Path, recipe: "another"));
        Assert.Contains("recipe", error.Message);
        Assert.Equal(before, second.Weights());
    }

    [Fact]
    public void What_cannot_be_is_refused_before_it_begins()
    {
        using TemporaryFolder folder = new();
        using TinyTraining tiny = new();
        Refused("without an example", TinyTraining.Settings, new([], 0), TinyTraining.Data(4, 1));
        Refused("patience 3 without validation data", TinyTraining.Settings with { Patience = 3 }, TinyTraining.Data(4, 1), new([], 0));
        Refused("exact_match", TinyTraining.Settings with { Select = SelectionRule.ExactMatch }, TinyTraining.Data(4, 1), new([new([1, 2, 3], 1, "text", Answers: false)], 0));

        void Refused(string message, TrainingSettings settings, ExampleSet training, ExampleSet validation) =>
            Assert.Contains(message, Assert.Throws<EdgeBenchException>(() => tiny.Train(folder.Path, settings, training: training, validation: validation)).Message);
    }

    [Fact]
    public void Exact_match_is_what_greedy_steps_write()
    {
        using TemporaryFolder folder = new();
        using TinyTraining tiny = new();
        tiny.Train(folder.Path, TinyTraining.Settings with { Steps = 120 });
        using Trainer trainer = new(tiny.Model, new Sgd(), WarmUpSchedule.Constant(1e-3), new());
        ExampleSet data = TinyTraining.Data(60, 9);
        GroupScore score = new Evaluation(data.Items, 64, TinyTraining.Vocabulary).Score(trainer).Single();
        Assert.Equal(data.Items.Count(item => item.Tokens[item.FirstTarget..].SequenceEqual(Greedy(trainer, item))), score.Right);
        Assert.InRange(score.Right, 1, 60);
    }

    // One token after the other, each the likeliest of all.
    private static unsafe int[] Greedy(Trainer trainer, Example item)
    {
        List<int> tokens = [.. item.Tokens[..item.FirstTarget]];
        while (tokens.Count < item.Tokens.Length)
        {
            int next = -1, last = tokens.Count - 1;
            trainer.Evaluate(new Batch(1, tokens.Count, [.. tokens], [.. tokens.Select(_ => 0)]), (first, rows, logits, stride) =>
            {
                if (last < first || last >= first + rows) return;
                ReadOnlySpan<float> row = new(logits + ((last - first) * stride), TinyTraining.Vocabulary);
                for (int i = 0; i < row.Length; i++) next = next < 0 || row[i] > row[next] ? i : next;
            });
            tokens.Add(next);
        }
        return [.. tokens[item.FirstTarget..]];
    }
}
