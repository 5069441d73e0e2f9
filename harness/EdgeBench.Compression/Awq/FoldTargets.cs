using EdgeBench.Engine.Decoding;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Compression.Awq;

/// <summary>Where the scales of a site's columns go: names as in GGUF, rows as they lie there.</summary>
internal static class FoldTargets
{
    /// <summary>For each column of a site, the first column that must have the same scale.</summary>
    public static int[] Ties(ModelArchitecture architecture, LinearSite site, int width) =>
        [.. Enumerable.Range(0, width).Select(column => site == LinearSite.AttentionOutput ? FirstReader(architecture, ValueRow(architecture, column)) : column)];

    /// <summary>Norm whose gain the scales of an input site divide.</summary>
    public static string Norm(int layer, LinearSite site) => $"blk.{layer}.{(site == LinearSite.AttentionInput ? "attn" : "ffn")}_norm.weight";

    /// <summary>
    /// Row scales that the columns of an output site ask of a matrix, or null where it makes nothing of that site's input: 1 for rows of a fused matrix
    /// that belong to something else.
    /// </summary>
    public static float[]? RowScales(ModelArchitecture architecture, string name, int rows, LinearSite site, ReadOnlySpan<float> columnScales)
    {
        string[] makers = site == LinearSite.AttentionOutput ? ["attn_v", "attn_qkv"] : site == LinearSite.FeedForwardOutput ? ["ffn_up"] : [];
        if (!makers.Contains(name.Split('.')[2])) return null;
        float[] scales = new float[rows];
        Array.Fill(scales, 1);
        if (site == LinearSite.FeedForwardOutput) columnScales.CopyTo(scales.AsSpan(rows - columnScales.Length));
        else
        {
            int first = rows - (architecture.KvHeads * architecture.HeadDim);
            for (int column = 0; column < columnScales.Length; column++) scales[first + ValueRow(architecture, column)] = columnScales[column];
        }
        return scales;
    }

    private static int ValueRow(ModelArchitecture architecture, int column)
    {
        (int head, int element) = Math.DivRem(column, architecture.HeadDim);
        return (head / (architecture.Heads / architecture.KvHeads) * architecture.HeadDim) + element;
    }

    private static int FirstReader(ModelArchitecture architecture, int valueRow)
    {
        (int head, int element) = Math.DivRem(valueRow, architecture.HeadDim);
        return (head * (architecture.Heads / architecture.KvHeads) * architecture.HeadDim) + element;
    }
}
