using System.CommandLine;
using System.Globalization;
using EdgeBench.Cli.Output;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Training;
using EdgeBench.Reports.Export;
using EdgeBench.Running.Configuration;
using EdgeBench.Running.Training;
using EdgeBench.Training.Loop;
using EdgeBench.Training.Recipes;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench train</c>: a model from a recipe, its curves, its journal.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        Argument<string> file = new("recipe.yaml") { Description = "The recipe, such as suites/reference/edge-ref.yaml." };
        Option<string[]> set = new("--set") { Description = "Override a value: path=value, such as training.epochs=1. Repeatable.", HelpName = "path=value" };
        Option<string?> output = new("--out") { Description = "Folder of model, checkpoints and journal; default runs/<name>.", HelpName = "folder" };
        Option<bool> fresh = new("--fresh") { Description = "Start over instead of going on from the last checkpoint." };
        Command command = new("train", "Train a model from scratch, or on from a checkpoint.") { file, set, output, fresh };
        command.SetAction(async (parsed, cancellation) =>
        {
            LoadedRecipe loaded = TrainRecipeFile.Load(parsed.GetRequiredValue(file), parsed.GetValue(set) ?? []);
            string folder = Path.GetFullPath(parsed.GetValue(output) ?? Path.Combine("runs", loaded.Recipe.Name));
            string words = "edgebench " + string.Join(' ', parsed.Tokens.Select(token => BenchFile.Recorded(token.Value)));
            TrainRunner runner = new(new TrainRequest(loaded, folder, parsed.GetValue(fresh), words));
            (TrainedModel model, StoredTraining stored) result;
            using (TrainingProgress progress = new(Console.Error)) result = await runner.RunAsync(progress, cancellation);
            Print(result.model, TrainingReport.Write(result.stored, folder), Console.Out);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Print(TrainedModel model, IReadOnlyList<string> files, TextWriter writer)
    {
        TrainingOutcome outcome = model.Outcome;
        string stopped = outcome.Stopped == StopReason.Patience ? ", stopped because scores did not become better" : "";
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{outcome.Trainable:#,0} of {outcome.Parameters:#,0} parameters trained on {model.TrainingItems:#,0} items in {outcome.Steps:#,0} steps, {outcome.Seconds:#,0.0} s{stopped}; the weights are those of step {outcome.BestStep:#,0}"));
        foreach (GroupScore score in outcome.Best)
        {
            string right = score.ExactMatch is { } exact ? string.Create(CultureInfo.InvariantCulture, $", {100 * exact:0.0} % of {score.Items:#,0} answers exactly right") : "";
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {score.Group}: validation loss {score.Loss:0.0000} nats a token{right}"));
        }
        if (model.Cut > 0) writer.WriteLine($"  {model.Cut:#,0} items are longer than the context and lost their beginning");
        writer.WriteLine($"Model: {model.Path}");
        foreach (string path in files) writer.WriteLine($"       {path}");
    }
}
