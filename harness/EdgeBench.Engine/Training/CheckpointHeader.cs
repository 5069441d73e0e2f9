using EdgeBench.Core.Problems;

namespace EdgeBench.Engine.Training;

/// <summary>What a checkpoint says about itself.</summary>
/// <param name="Recipe">As the caller named it.</param>
/// <param name="Optimiser">Its description; with the schedule's.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Taken">Examples taken of the data.</param>
/// <param name="Tensors">Parameters, then moments.</param>
internal sealed record CheckpointHeader(string Recipe, string Optimiser, long Step, long Taken, IReadOnlyList<CheckpointTensor> Tensors)
{
    /// <summary>The caller's own, such as the curve so far.</summary>
    public string? State { get; init; }

    public static CheckpointHeader Of(Trainer trainer, string recipe, long taken) =>
        new(recipe, $"{trainer.Optimiser.Description}; {trainer.Schedule.Description}", trainer.Steps, taken,
            [.. trainer.Trained.Select(parameter => new CheckpointTensor(parameter.Name, parameter.Count)), .. trainer.Optimiser.State.Select(state => new CheckpointTensor(state.Name, state.Values.Length))]);

    /// <summary>Throws bad input where this is of another training than <paramref name="wanted"/>.</summary>
    public void CheckAgainst(CheckpointHeader wanted, string path)
    {
        if (Recipe != wanted.Recipe) throw Other($"a checkpoint of the recipe '{Recipe}'", $"'{wanted.Recipe}'");
        if (Optimiser != wanted.Optimiser) throw Other($"a checkpoint of '{Optimiser}'", $"'{wanted.Optimiser}'");
        for (int i = 0; i < Math.Max(Tensors.Count, wanted.Tensors.Count); i++)
        {
            CheckpointTensor? here = i < Tensors.Count ? Tensors[i] : null, there = i < wanted.Tensors.Count ? wanted.Tensors[i] : null;
            if (here != there) throw Other(here is null ? "a checkpoint of fewer tensors" : $"a checkpoint with {here}", there is null ? $"{wanted.Tensors.Count} tensors" : $"{there}");
        }

        EdgeBenchException Other(string offender, string expected) => EdgeBenchException.BadInput(offender, expected, "Resume with the recipe that wrote it, or start anew.", path);
    }
}
