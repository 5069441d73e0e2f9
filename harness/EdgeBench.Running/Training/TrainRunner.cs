using System.Globalization;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Training;
using EdgeBench.Engine.Training;
using EdgeBench.Running.Execution;
using EdgeBench.Training.Loop;
using EdgeBench.Training.Recipes;

namespace EdgeBench.Running.Training;

/// <summary>A recipe with its journal, in the hands of one process.</summary>
public sealed class TrainRunner(TrainRequest request)
{
    /// <summary>Trains, or goes on, and returns what the journal holds then. Throws <see cref="EdgeBenchException"/>; a cancelled training can go on later.</summary>
    public async Task<(TrainedModel Model, StoredTraining Stored)> RunAsync(ITrainingObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(observer);
        TrainRecipe recipe = request.Loaded.Recipe;
        Directory.CreateDirectory(request.Folder);
        using ProcessLock held = RunLock.Take(request.Folder);
        RecipeRun run = new(recipe, request.Loaded.BaseFolder, request.Folder);
        if (request.Fresh) run.Forget();
        using TrainingJournal journal = TrainingJournal.Open(request.Folder, request.Fresh);
        journal.PutFacts(new Dictionary<string, string>(Provenance.Collect(request.Loaded.BaseFolder, ContentHash.OfText(EdgeBenchJson.Serialize(recipe)), request.CommandLine, recipe.Training.Seed))
        {
            ["name"] = recipe.Name,
            ["recipe"] = EdgeBenchJson.Serialize(recipe),
        });
        TrainedModel model = await run.RunAsync(CacheFolders.Root, new Journalled(journal, observer), cancellation);
        journal.PutFacts(Facts(model));
        return (model, journal.Read(recipe.Name));
    }

    private static Dictionary<string, string> Facts(TrainedModel model)
    {
        TrainingOutcome outcome = model.Outcome;
        Dictionary<string, string> facts = new()
        {
            ["identity"] = model.Identity,
            ["model_sha256"] = ContentHash.OfFile(model.Path),
            ["training_items"] = Text(model.TrainingItems),
            ["validation_items"] = Text(model.ValidationItems),
            ["items_cut"] = Text(model.Cut),
            ["parameters"] = Text(outcome.Parameters),
            ["trainable_parameters"] = Text(outcome.Trainable),
            ["steps"] = Text(outcome.Steps),
            ["best_step"] = Text(outcome.BestStep),
            ["stopped"] = outcome.Stopped.ToString().ToLowerInvariant(),
            ["step_seconds_mean"] = outcome.SecondsPerStep.ToString("0.######", CultureInfo.InvariantCulture),
            ["weight_bytes"] = Text(outcome.Memory.Weights),
            ["gradient_bytes"] = Text(outcome.Memory.Gradients),
            ["optimiser_bytes"] = Text(outcome.Memory.Optimiser),
            ["activation_bytes"] = Text(outcome.Memory.Activations),
        };
        foreach (GroupScore score in outcome.Best)
        {
            facts[$"validation_loss.{score.Group}"] = score.Loss.ToString("0.######", CultureInfo.InvariantCulture);
            if (score.ExactMatch is { } exact) facts[$"validation_exact_match.{score.Group}"] = exact.ToString("0.####", CultureInfo.InvariantCulture);
        }
        return facts;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    // Every point is on disk before anybody is told.
    private sealed class Journalled(TrainingJournal journal, ITrainingObserver observer) : ITrainingObserver
    {
        public void Begins(long steps, IReadOnlyList<CurvePoint> curve)
        {
            journal.CutAfter(curve.Count > 0 ? curve[^1].Step : -1);
            observer.Begins(steps, curve);
        }

        public void Stepped(StepReport step, long steps) => observer.Stepped(step, steps);

        public void Reached(CurvePoint point)
        {
            journal.Put(point);
            observer.Reached(point);
        }
    }
}
