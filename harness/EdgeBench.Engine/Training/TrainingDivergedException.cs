using EdgeBench.Core.Problems;

namespace EdgeBench.Engine.Training;

/// <summary>A loss or a gradient is not finite; parameters are as they were before the step.</summary>
public sealed class TrainingDivergedException(long step, string what, string? tensor)
    : EdgeBenchException(ExitCode.BadInput, new Problem($"{what} of step {step} is not finite{(tensor is null ? "" : $": it begins in {tensor}")}", "finite numbers",
        "Lower the learning rate, clip gradients or warm up longer, and go on from the last checkpoint."))
{
    /// <summary>Number of the step that was not done, from 1.</summary>
    public long Step { get; } = step;

    /// <summary>Where numbers first are not finite, or null where that could not be told.</summary>
    public string? Tensor { get; } = tensor;
}
