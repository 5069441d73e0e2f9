using EdgeBench.Core.Problems;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Inference.Adapters;

/// <summary>
/// A LoRA adapter as llama.cpp's <c>convert_lora_to_gguf.py</c> writes it: <c>X.lora_a</c> [rank, inputs] and <c>X.lora_b</c> [outputs, rank] for matrices X,
/// and <c>adapter.lora.alpha</c>; X x becomes X x + alpha / rank · B (A x). Source: E. Hu et al., "LoRA", 2021.
/// </summary>
public sealed class LoraFile
{
    private const string SuffixA = ".weight.lora_a", SuffixB = ".weight.lora_b";

    private readonly Dictionary<string, (float[] A, float[] B, int Rank)> _parts = new(StringComparer.Ordinal);
    private readonly string _path;

    private LoraFile(GgufFile file, float scale)
    {
        (_path, Architecture) = (file.Path, file.Architecture);
        if (file.Metadata.GetValueOrDefault("general.type")?.AsText() != "adapter" || file.Metadata.GetValueOrDefault("adapter.type")?.AsText() != "lora")
            throw EdgeBenchException.BadInput("the file is no LoRA adapter", "'general.type' adapter and 'adapter.type' lora", "Convert it with convert_lora_to_gguf.py.", file.Path);
        double alpha = file.Metadata.GetValueOrDefault("adapter.lora.alpha")?.AsNumber() ?? 0;
        foreach (GgufTensor a in file.Tensors)
        {
            if (!a.Name.EndsWith(SuffixA, StringComparison.Ordinal))
            {
                if (a.Name.EndsWith(SuffixB, StringComparison.Ordinal) && file.Find(a.Name[..^1] + "a") is not null) continue;
                throw EdgeBenchException.BadInput($"tensor '{a.Name}'", $"pairs of …{SuffixA} and …{SuffixB}", null, file.Path);
            }
            GgufTensor b = file.Find(a.Name[..^1] + "b") ?? throw EdgeBenchException.BadInput($"'{a.Name}' without its lora_b", "both of a pair", null, file.Path);
            int rank = checked((int)a.Rows);
            if (b.RowLength != rank) throw EdgeBenchException.BadInput($"'{b.Name}' has rows of {b.RowLength}", $"the rank {rank} of '{a.Name}'", null, file.Path);
            // As llama.cpp: alpha 0 means that the pair is not scaled.
            float factor = alpha == 0 ? scale : (float)(scale * alpha / rank);
            float[] values = Values(file, b);
            for (int i = 0; i < values.Length; i++) values[i] *= factor;
            _parts[a.Name[..^SuffixA.Length]] = (Values(file, a), values, rank);
        }
    }

    /// <summary>GGUF's name of the base model's architecture.</summary>
    public string Architecture { get; }

    /// <summary>Matrices that it adds to, by GGUF's names without <c>.weight</c>.</summary>
    public IReadOnlyCollection<string> Names => _parts.Keys;

    /// <summary>Reads an adapter whole. Throws <see cref="EdgeBenchException"/> (bad input).</summary>
    /// <param name="scale">Strength besides the file's own.</param>
    public static LoraFile Read(string path, float scale = 1)
    {
        using GgufFile file = GgufFile.Open(path);
        return new(file, scale);
    }

    /// <summary>The pair of a matrix in the order of packed rows, or null. Throws where its shape is not the matrix's.</summary>
    internal (float[] A, float[] B, int Rank)? Of(Linear linear, ModelArchitecture architecture)
    {
        if (!_parts.TryGetValue(linear.Name, out (float[] A, float[] B, int Rank) part)) return null;
        if (part.A.Length != part.Rank * linear.Inputs || part.B.Length != part.Rank * linear.Outputs)
        {
            throw EdgeBenchException.BadInput($"'{linear.Name}' is adapted from {part.A.Length / part.Rank} to {part.B.Length / part.Rank} elements", $"{linear.Inputs} to {linear.Outputs}, as the model has",
                "Use the adapter's own base model.", _path);
        }
        bool isTurned = architecture.Rope == RopeLayout.Interleaved && (linear.Name.EndsWith("attn_q", StringComparison.Ordinal) || linear.Name.EndsWith("attn_k", StringComparison.Ordinal));
        return isTurned ? (part.A, Ordered(part.B, part.Rank, new(architecture.HeadDim, architecture.RopeDimensions)), part.Rank) : part;
    }

    /// <summary>Throws where the adapter is another architecture's, or names a matrix that is not among these.</summary>
    internal void Check(ModelArchitecture architecture, IEnumerable<string> matrices)
    {
        if (Architecture != architecture.Name) throw EdgeBenchException.BadInput($"an adapter of '{Architecture}'", $"one of '{architecture.Name}'", "Use the adapter's own base model.", _path);
        string[] unknown = [.. Names.Except(matrices)];
        if (unknown.Length > 0)
            throw EdgeBenchException.BadInput($"the adapter changes '{unknown[0]}'", "matrices of layers that are stored by themselves", "Merge the adapter into the model's file.", _path);
    }

    private static float[] Values(GgufFile file, GgufTensor tensor)
    {
        float[] values = new float[tensor.Elements];
        file.Dequantise(tensor, 0, values);
        return values;
    }

    private static float[] Ordered(float[] b, int rank, HeadOrder order)
    {
        float[] ordered = new float[b.Length];
        for (int row = 0; row < b.Length / rank; row++) b.AsSpan(order.Source(row) * rank, rank).CopyTo(ordered.AsSpan(row * rank));
        return ordered;
    }
}
