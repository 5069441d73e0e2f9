using System.ComponentModel;
using System.Text.Json;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;

namespace EdgeBench.Suites.Perplexity;

/// <summary>Parameters of <c>perplexity</c>.</summary>
public sealed record PerplexityParameters
{
    [Description("Text file, UTF-8.")]
    public string Data { get; init; } = "";

    [Description("Window length in tokens; at most what the model was trained for.")]
    public int Context { get; init; } = 512;

    [Description("Windows to score, from the start of the text; 0 scores all.")]
    public int Chunks { get; init; }

    [Description("Which positions of a window count: second_half as llama.cpp's tool does, or all.")]
    public ScoredPart Score { get; init; } = ScoredPart.SecondHalf;

    [Description("auto compares with the uncompressed reference on the same tokens; none scores the artifact alone.")]
    public ReferenceUse Reference { get; init; } = ReferenceUse.Auto;

    /// <summary>Reads and checks; throws <see cref="EdgeBenchException"/>.</summary>
    internal static PerplexityParameters Of(JsonElement parameters)
    {
        PerplexityParameters read = parameters.Deserialize<PerplexityParameters>(EdgeBenchJson.Options) ?? new();
        if (string.IsNullOrEmpty(read.Data)) throw EdgeBenchException.BadInput("perplexity without 'data'", "the path of a text file", "Give 'data: text.txt'.");
        if (read.Context is < 4 or > 1_048_576) throw EdgeBenchException.BadInput($"'context: {read.Context}'", "4 to 1048576 tokens");
        if (read.Chunks < 0) throw EdgeBenchException.BadInput($"'chunks: {read.Chunks}'", "0 (all) or more windows");
        return read;
    }
}

/// <summary>Which positions of a window are scored.</summary>
public enum ScoredPart
{
    SecondHalf,
    All,
}

/// <summary>Whether the uncompressed reference is run beside the artifact.</summary>
public enum ReferenceUse
{
    Auto,
    None,
}
