namespace EdgeBench.Engine.Training;

/// <summary>Name and number of values.</summary>
internal sealed record CheckpointTensor(string Name, long Count)
{
    public override string ToString() => $"{Name} of {Count} values";
}
