using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Shapes;

/// <summary>What a shape must keep to so that a runtime can load it.</summary>
public static class ShapeRules
{
    /// <summary>llama.cpp's <c>LLAMA_MAX_LAYERS</c>.</summary>
    private const int LayerLimit = 512;

    private const int LengthLimit = 1 << 20;

    private const int VocabularyLimit = 1 << 24;

    /// <summary>Elements of one head: written out, or width / heads.</summary>
    public static int HeadDim(TransformerShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.HeadDim > 0 ? shape.HeadDim : shape.Width / shape.Heads;
    }

    /// <summary>Every rule that is broken; empty where none is.</summary>
    public static IReadOnlyList<Problem> Check(TransformerShape shape, IReadOnlyList<string> architectures)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(architectures);
        List<Problem> problems = [];
        if (!architectures.Contains(shape.Architecture))
            problems.Add(new Problem($"architecture '{shape.Architecture}'", $"one of {string.Join(", ", architectures)}", Nearest.Question(shape.Architecture, architectures)));
        foreach ((string name, int value, int limit) in Lengths(shape))
        {
            if (value < 1 || value > limit) problems.Add(new Problem($"{name} {value}", $"1 to {limit}"));
        }
        if (shape.HeadDim < 0 || shape.HeadDim > LengthLimit) problems.Add(new Problem($"head_dim {shape.HeadDim}", $"0 (width / heads) to {LengthLimit}"));
        if (!(shape.RopeBase > 0 && double.IsFinite(shape.RopeBase))) problems.Add(new Problem($"rope_base {shape.RopeBase}", "a positive number"));
        if (!(shape.NormEpsilon > 0 && shape.NormEpsilon < 1)) problems.Add(new Problem($"norm_epsilon {shape.NormEpsilon}", "a number between 0 and 1"));
        if (problems.Count == 0) problems.AddRange(Heads(shape));
        return problems;
    }

    private static IEnumerable<(string Name, int Value, int Limit)> Lengths(TransformerShape shape) =>
    [
        ("layers", shape.Layers, LayerLimit), ("width", shape.Width, LengthLimit), ("heads", shape.Heads, LengthLimit),
        ("kv_heads", shape.KvHeads, LengthLimit), ("ffn", shape.Ffn, LengthLimit), ("vocabulary", shape.Vocabulary, VocabularyLimit),
        ("context", shape.Context, 1 << 24),
    ];

    private static IEnumerable<Problem> Heads(TransformerShape shape)
    {
        if (shape.HeadDim == 0 && shape.Width % shape.Heads != 0)
            yield return new Problem($"width {shape.Width} with {shape.Heads} heads", "a width that divides by the heads", "Change one of them, or give head_dim.");
        if (shape.Heads % shape.KvHeads != 0)
            yield return new Problem($"kv_heads {shape.KvHeads} with {shape.Heads} heads", "heads that divide by kv_heads");
        if (HeadDim(shape) % 2 != 0)
            yield return new Problem($"heads of {HeadDim(shape)} elements", "an even number, because RoPE turns pairs");
        if (shape.Architecture != "llama" && (long)shape.Heads * HeadDim(shape) != shape.Width)
            yield return new Problem($"{shape.Heads} heads of {HeadDim(shape)} elements with width {shape.Width}", $"heads × head_dim = width for {shape.Architecture}");
    }
}
