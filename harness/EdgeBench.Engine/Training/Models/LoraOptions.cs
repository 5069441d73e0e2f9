namespace EdgeBench.Engine.Training.Models;

/// <summary>LoRA of some linear layers.</summary>
/// <param name="Targets">Last parts of names: <c>q_proj</c>, <c>v_proj</c>.</param>
/// <param name="Dropout">Share of inputs that are left out in training.</param>
public sealed record LoraOptions(int Rank, float Alpha, IReadOnlyList<string> Targets, float Dropout = 0)
{
    /// <summary>Of the first values of A: normal with deviation 1 / sqrt(in); B is zero, so that training starts at the model.</summary>
    public ulong Seed { get; init; } = 1;
}
