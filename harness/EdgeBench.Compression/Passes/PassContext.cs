using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;

namespace EdgeBench.Compression.Passes;

/// <summary>What a pass works with beside its input and its parameters.</summary>
public sealed record PassContext
{
    /// <summary>Calibration texts and other files, by the path that the parameters name.</summary>
    public IReadOnlyDictionary<string, DataFile> Data { get; init; } = new Dictionary<string, DataFile>();

    /// <summary>Lines for people; may be null.</summary>
    public IProgress<string>? Progress { get; init; }

    public CancellationToken Cancellation { get; init; }

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) where nobody says where the file is.</summary>
    public DataFile File(string written) => Data.GetValueOrDefault(written)
        ?? throw EdgeBenchException.BadInput($"data file '{written}'", "a file that the recipe's surroundings resolve", "Check the path.");
}

/// <summary>What a pass did.</summary>
/// <param name="Tensors">Of every tensor that it changed, in the file's order.</param>
/// <param name="Facts">What a reader must know: seconds of calibration, tokens, peak memory.</param>
public sealed record PassReport(IReadOnlyList<TensorError> Tensors, IReadOnlyDictionary<string, string> Facts)
{
    public static PassReport Empty { get; } = new([], new Dictionary<string, string>());
}
