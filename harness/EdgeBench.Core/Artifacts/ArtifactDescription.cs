namespace EdgeBench.Core.Artifacts;

/// <summary>What an artifact's file holds, read back from the file itself.</summary>
public sealed record ArtifactDescription
{
    /// <summary>Content address: hash of checkpoint, recipe, pass versions and format.</summary>
    public required string Id { get; init; }

    /// <summary><c>gguf</c>, <c>onnx</c> …</summary>
    public required string Format { get; init; }

    public required string Path { get; init; }

    public required string Sha256 { get; init; }

    public required long FileBytes { get; init; }

    /// <summary>Files beside <see cref="Path"/> that belong to the artifact: external data, the tokenizer.</summary>
    public IReadOnlyList<ArtifactPart> Parts { get; init; } = [];

    /// <summary>Sum over all tensors.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Elements over all tensors.</summary>
    public required long Parameters { get; init; }

    /// <summary>Architecture and dimensions for the tables: <c>llama 30L d576</c>.</summary>
    public required string Architecture { get; init; }

    public required IReadOnlyList<TypeUsage> Types { get; init; }

    /// <summary>True for <c>random:</c> weights: speed and memory only, never accuracy.</summary>
    public bool RandomWeights { get; init; }

    /// <summary>For each pass: what was asked and what the file shows.</summary>
    public IReadOnlyList<PassReadback> Readback { get; init; } = [];
}

/// <summary>A further file of an artifact, in the folder of its main file.</summary>
/// <param name="Name">File name without a folder.</param>
public sealed record ArtifactPart(string Name, long Bytes, string Sha256)
{
    /// <summary>Name of the part of a GGUF artifact that is its adapter: what runs is the main file with it.</summary>
    public const string Adapter = "adapter.gguf";
}

/// <summary>How much of an artifact is stored as one tensor type (GGUF's names: F16, Q8_0, Q4_0 …).</summary>
public sealed record TypeUsage(string Type, int Tensors, long Elements, long Bytes);

/// <summary>How far a pass took effect.</summary>
public enum Applied
{
    Fully,
    Partly,
    NotApplied,
}

/// <summary>What a pass was asked to do against what the artifact shows.</summary>
/// <param name="Asked">Such as <c>weights q4_0</c>.</param>
/// <param name="Found">Such as <c>q4_0 in 205 of 210 tensors; f16 in 5 (172 columns do not divide by 32)</c>.</param>
public sealed record PassReadback(string Pass, string Asked, string Found, Applied Applied)
{
    /// <summary>What the pass changed, tensor by tensor; empty where it reports none.</summary>
    public IReadOnlyList<TensorError> Tensors { get; init; } = [];

    /// <summary>Calibration tokens, seconds, hash of the text …</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();
}

/// <summary>How far a compressed tensor is from what it was before the pass.</summary>
/// <param name="Type">Tensor type in the artifact, lower case.</param>
/// <param name="WeightError">‖Ŵ − W‖ / ‖W‖ (Frobenius).</param>
/// <param name="OutputError">‖XŴᵀ − XWᵀ‖ / ‖XWᵀ‖ on the calibration tokens, or null without calibration.</param>
/// <param name="Note">Such as why it has another type than asked, or null.</param>
public sealed record TensorError(string Tensor, string Type, double WeightError, double? OutputError = null, string? Note = null);
