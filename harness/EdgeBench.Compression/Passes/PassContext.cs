using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Adapters;

namespace EdgeBench.Compression.Passes;

/// <summary>What a pass works with beside its input and its parameters.</summary>
public sealed record PassContext
{
    /// <summary>Calibration texts and other files, by the path that the parameters name.</summary>
    public IReadOnlyDictionary<string, DataFile> Data { get; init; } = new Dictionary<string, DataFile>();

    /// <summary>Lines for people; may be null.</summary>
    public IProgress<string>? Progress { get; init; }

    public CancellationToken Cancellation { get; init; }

    /// <summary>Where <see cref="WriteAdapter"/> writes; null where the output has no place beside it.</summary>
    internal string? AdapterPath { get; init; }

    /// <summary>
    /// Leaves an adapter apart: it becomes the part <see cref="ArtifactPart.Adapter"/> of the artifact, which backends run with the model that this pass writes. Later passes may
    /// change no tensors. Throws <see cref="EdgeBenchException"/> (bad input) where it does not belong to the model, or a pass before has left one.
    /// </summary>
    /// <param name="model">The base: what the pass writes has its names and shapes.</param>
    public void WriteAdapter(Adapter adapter, AdapterBase model)
    {
        string path = AdapterPath ?? throw new InvalidOperationException("This pass was asked for one file, which has no place for an adapter beside it.");
        if (System.IO.File.Exists(path)) throw EdgeBenchException.BadInput("two passes that leave an adapter apart", "one in a recipe", "Merge the first into the model.");
        GgufAdapter.Write(path, adapter, model);
    }

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
