using System.Diagnostics;
using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Training;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Engine.Training.Optimisers;
using EdgeBench.Training.Data;

namespace EdgeBench.Training.Loop;

/// <summary>
/// Steps over shuffled batches, scores of the validation data in between, early stopping, and checkpoints: a training that is interrupted anywhere and begun again with the
/// same recipe ends with the same weights, bit for bit. At its end the model holds the weights of the best step.
/// </summary>
public sealed class TrainingLoop : IDisposable
{
    private const string LastName = "last.ckpt", BestName = "best.ckpt";

    // Points of a curve, and seconds that an interruption may cost.
    private const int Points = 200, SecondsAtRisk = 60;

    // A loss that is so many times the first one, and so many nats above it, is on its way to infinity.
    private const double DivergedFactor = 2, DivergedNats = 2;

    private readonly ITrainable _model;
    private readonly TrainingSettings _settings;
    private readonly string _recipe, _folder;
    private readonly Trainer _trainer;
    private readonly BatchStream _batches;
    private readonly Evaluation? _validation;
    private readonly long _steps, _every;
    private LoopState _state = new();

    /// <param name="vocabulary">Logits of a token.</param>
    /// <param name="validation">Empty for none: then the last step is the best.</param>
    /// <param name="recipe">Identity of everything that decides the result: a checkpoint of another one is refused.</param>
    /// <param name="folder">Where checkpoints are, and go.</param>
    public TrainingLoop(ITrainable model, int vocabulary, TrainingSettings settings, ExampleSet training, ExampleSet validation, string recipe, string folder)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        if (training.Items.Count == 0) throw EdgeBenchException.BadInput("training data without an example", "one at least");
        if (settings.Patience > 0 && validation.Items.Count == 0) throw EdgeBenchException.BadInput($"patience {settings.Patience} without validation data", "data to score", "Give validation data, or leave 'patience' out.");
        if (settings.Select == SelectionRule.ExactMatch && !validation.Items.Any(item => item.Answers))
            throw EdgeBenchException.BadInput("select exact_match without answers in the validation data", "pairs of prompt and completion", "Select by loss.");
        (_model, _settings, _recipe, _folder) = (model, settings, recipe, folder);
        _batches = new(training.Items, settings.BatchTokens, settings.Seed);
        _steps = settings.Steps ?? Math.Max(1, StepsOf(training.Items, settings));
        _every = Math.Max(1, _steps / Points);
        // Points fall together with scores.
        while (settings.EvaluateEvery > 0 && _every > 1 && settings.EvaluateEvery % _every != 0) _every--;
        long warmUp = (long)Math.Round(settings.WarmUp * _steps);
        WarmUpSchedule schedule = new(settings.Rate, warmUp, _steps, settings.Decay, settings.Rate * settings.FinalRate);
        IOptimiser optimiser = settings.Optimiser == OptimiserKind.Sgd ? new Sgd() : new AdamW { WeightDecay = settings.WeightDecay };
        _trainer = new(model, optimiser, schedule, new()
        {
            Threads = settings.Threads == 0 ? Environment.ProcessorCount : settings.Threads,
            ClipNorm = settings.Clip > 0 ? settings.Clip : null,
            Recompute = settings.Recompute,
            Seed = settings.Seed,
        });
        if (validation.Items.Count > 0) _validation = new(validation.Items, Math.Max(settings.BatchTokens, 1024), vocabulary);
    }

    /// <summary>Trains to the end, from the folder's checkpoint if there is one. A cancelled training saves one and throws <see cref="OperationCanceledException"/>.</summary>
    public TrainingOutcome Run(ITrainingObserver? observer, CancellationToken cancellation)
    {
        Directory.CreateDirectory(_folder);
        if (File.Exists(Last)) Resume();
        observer?.Begins(_steps, _state.Curve);
        if (_trainer.Steps == 0 && _state.Curve.Count == 0 && _validation is not null) Reach(observer, score: true);
        StopReason stopped = StopReason.Steps;
        Stopwatch sinceSaved = Stopwatch.StartNew();
        while (_trainer.Steps < _steps)
        {
            if (GivenUp)
            {
                stopped = StopReason.Patience;
                break;
            }
            if (cancellation.IsCancellationRequested)
            {
                Save(Last);
                cancellation.ThrowIfCancellationRequested();
            }
            StepReport report = Step();
            observer?.Stepped(report, _steps);
            bool last = _trainer.Steps == _steps, scores = _validation is not null && (last || (_settings.EvaluateEvery > 0 && _trainer.Steps % _settings.EvaluateEvery == 0));
            if (scores || last || _trainer.Steps % _every == 0) Reach(observer, scores);
            if (!scores && !last && sinceSaved.Elapsed.TotalSeconds < SecondsAtRisk) continue;
            Save(Last);
            sinceSaved.Restart();
        }
        IReadOnlyList<GroupScore> best = _validation is null ? [] : _state.Curve.Single(point => point.Step == _state.BestStep && point.Validation.Count > 0).Validation;
        long done = _trainer.Steps;
        TrainingMemory memory = _trainer.Memory;
        if (_validation is not null && _state.BestStep != done) TrainingCheckpoint.Resume(Best, _trainer, _recipe, null);
        return new(done, _validation is null ? done : _state.BestStep, best, stopped, _state.Curve, memory)
        {
            Trainable = _trainer.Trained.Sum(parameter => parameter.Count),
            Parameters = _model.Parameters.Sum(parameter => parameter.Count),
        };
    }

    public void Dispose() => _trainer.Dispose();

    private string Last => Path.Combine(_folder, LastName);

    private string Best => Path.Combine(_folder, BestName);

    private bool GivenUp => _settings.Patience > 0 && _state.Worse >= _settings.Patience;

    private StepReport Step()
    {
        Batch[] batches = new Batch[_settings.Accumulate];
        for (int i = 0; i < batches.Length; i++) batches[i] = _batches.Next();
        long start = Stopwatch.GetTimestamp();
        StepReport report = _trainer.Step(batches);
        _state.Seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        _state.Tokens += report.Targets;
        _state.LossSum += report.Loss * report.Targets;
        _state.LossTargets += report.Targets;
        double first = _state.FirstLoss ??= report.Loss;
        if (report.Loss > (DivergedFactor * first) + DivergedNats)
        {
            throw EdgeBenchException.BadInput(FormattableString.Invariant($"the loss of step {report.Step} is {report.Loss:0.00}, after {first:0.00} at the first step"), "a loss that falls",
                $"Lower the learning rate ({report.Rate:g3} here), clip gradients or warm up longer.{(File.Exists(Last) ? $" The last checkpoint is '{Last}'." : "")}");
        }
        return report;
    }

    private void Reach(ITrainingObserver? observer, bool score)
    {
        IReadOnlyList<GroupScore> scores = score ? _validation!.Score(_trainer) : [];
        CurvePoint point = new(_trainer.Steps, _state.Tokens, _state.Seconds, _state.LossTargets == 0 ? null : _state.LossSum / _state.LossTargets,
            _trainer.Steps == 0 ? 0 : _trainer.Schedule.Rate(_trainer.Steps - 1), scores);
        (_state.LossSum, _state.LossTargets) = (0, 0);
        _state.Curve.Add(point);
        if (score) Compare(GroupScore.Total(scores));
        observer?.Reached(point);
    }

    // The best weights are on disk before the checkpoint that knows of them.
    private void Compare(GroupScore score)
    {
        if (!double.IsFinite(score.Loss)) throw new TrainingDivergedException(_trainer.Steps, "The validation loss", null);
        bool better = _state.Best is not { } best
            || (_settings.Select == SelectionRule.ExactMatch && score.Right != best.Right ? score.Right > best.Right : score.Loss < best.Loss);
        if (!better)
        {
            _state.Worse++;
            return;
        }
        (_state.Best, _state.BestStep, _state.Worse) = (score, _trainer.Steps, 0);
        Save(Best);
    }

    private void Save(string path) => TrainingCheckpoint.Save(path, _trainer, _recipe, _batches.Order, JsonSerializer.Serialize(_state));

    private void Resume()
    {
        string? state = TrainingCheckpoint.Resume(Last, _trainer, _recipe, null);
        _state = JsonSerializer.Deserialize<LoopState>(state ?? "null") ?? throw EdgeBenchException.BadInput("a checkpoint without the state of a training", "one that this command wrote", "Start anew in another folder.", Last);
        _batches.Skip(_trainer.Steps * _settings.Accumulate);
    }

    private static long StepsOf(IReadOnlyList<Example> examples, TrainingSettings settings)
    {
        BatchStream counted = new(examples, settings.BatchTokens, settings.Seed);
        long batches = 0;
        for (; counted.Order.Taken < settings.Epochs * examples.Count; batches++) counted.Skip(1);
        return batches / settings.Accumulate;
    }
}
