using EdgeBench.Core.Problems;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Inference.Adapters;

/// <summary>A LoRA adapter with its values in memory, float32.</summary>
public sealed class LoraFile : RunAdapter
{
    private readonly Dictionary<string, (float[] A, float[] B, int Rank)> _parts = new(StringComparer.Ordinal);

    private LoraFile(GgufFile file, float scale)
    {
        Header = LoraHeader.Of(file);
        foreach (LoraPair pair in Header.Pairs)
        {
            float factor = Header.Alpha == 0 ? scale : (float)(scale * Header.Alpha / pair.Rank);
            float[] values = Values(file, pair.B.Name);
            for (int i = 0; i < values.Length; i++) values[i] *= factor;
            _parts[pair.Matrix] = (Values(file, pair.A.Name), values, pair.Rank);
        }
    }

    public LoraHeader Header { get; }

    public override AdapterHeader Description => Header;

    /// <summary>Reads an adapter whole. Throws <see cref="EdgeBenchException"/> (bad input).</summary>
    /// <param name="scale">Strength besides the file's own.</param>
    public static LoraFile Read(string path, float scale = 1)
    {
        using GgufFile file = GgufFile.Open(path);
        return new(file, scale);
    }

    /// <summary>The pair of a matrix in the order of packed rows, its scale in B, or null.</summary>
    internal (float[] A, float[] B, int Rank)? Of(Linear linear, ModelArchitecture architecture)
    {
        if (!_parts.TryGetValue(linear.Name, out (float[] A, float[] B, int Rank) part)) return null;
        bool isTurned = architecture.Rope == RopeLayout.Interleaved && (linear.Name.EndsWith("attn_q", StringComparison.Ordinal) || linear.Name.EndsWith("attn_k", StringComparison.Ordinal));
        return isTurned ? (part.A, Ordered(part.B, part.Rank, HeadOrder.Of(architecture)), part.Rank) : part;
    }

    private static float[] Ordered(float[] b, int rank, HeadOrder order)
    {
        float[] ordered = new float[b.Length];
        for (int row = 0; row < b.Length / rank; row++) b.AsSpan(order.Source(row) * rank, rank).CopyTo(ordered.AsSpan(row * rank));
        return ordered;
    }
}
