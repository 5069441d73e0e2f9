namespace EdgeBench.Core.Workloads;

/// <summary>The lengths of one repetition in tokens; all 0 where a repetition is one inference of the whole graph with the inputs that it declares.</summary>
/// <param name="Prompt">Prefilled.</param>
/// <param name="Generate">Decoded one at a time.</param>
/// <param name="Depth">In the context before the timed part.</param>
public sealed record WorkloadShape(int Prompt, int Generate, int Depth)
{
    public static WorkloadShape Inference { get; } = new(0, 0, 0);

    public bool IsInference => this is { Prompt: 0, Generate: 0, Depth: 0 };
}
