using EdgeBench.Training.Loop;

namespace EdgeBench.Training.Recipes;

/// <summary>What a recipe made.</summary>
/// <param name="Path">GGUF file.</param>
/// <param name="Identity">Hash of everything that decides the weights: recipe, data, checkpoint.</param>
/// <param name="TrainingItems">Examples that were learnt from, and <paramref name="ValidationItems"/> scored.</param>
/// <param name="Cut">Examples that lost their beginning.</param>
public sealed record TrainedModel(string Path, string Identity, TrainingOutcome Outcome, int TrainingItems, int ValidationItems, int Cut);
