namespace EdgeBench.Running.Training;

/// <summary>What <c>edgebench train</c> shall do.</summary>
/// <param name="Folder">Where checkpoints, journal and model go.</param>
/// <param name="Fresh">Starts over instead of going on.</param>
/// <param name="CommandLine">As it was given, for the journal.</param>
public sealed record TrainRequest(LoadedRecipe Loaded, string Folder, bool Fresh, string CommandLine);
