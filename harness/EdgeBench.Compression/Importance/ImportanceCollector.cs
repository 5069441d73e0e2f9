using EdgeBench.Compression.Calibration;
using EdgeBench.Engine.Decoding;
using EdgeBench.Models.Imatrix;

namespace EdgeBench.Compression.Importance;

/// <summary>
/// An importance matrix from the float32 engine: for each matrix of a decoder's blocks the sums of squares of what it reads, over sequences that start at
/// position 0. Definition: llama.cpp, <c>tools/imatrix</c> (<c>in_sum2</c>, <c>counts</c>), which leaves out the head too.
/// </summary>
public static class ImportanceCollector
{
    /// <param name="dataset">Name of the text, as the file will tell it.</param>
    public static ImportanceMatrix Collect(IWeights weights, CalibrationTokens tokens, string dataset, IProgress<string>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(tokens);
        Dictionary<string, ImportanceEntry> entries = new(StringComparer.Ordinal);
        new LayerWalk(weights, tokens).Run(Prefix.Dense, _ => false, (block, statistics) =>
        {
            foreach (BlockMatrix matrix in block.Matrices.Values)
            {
                SiteStatistics site = statistics[matrix.Site];
                entries[matrix.Name] = new ImportanceEntry([.. site.MeanSquare.Select(mean => mean * site.Rows)], [site.Rows]);
            }
        }, progress, cancellation);
        return new ImportanceMatrix { Entries = entries, Datasets = [dataset], ChunkCount = tokens.Sequences.Count, ChunkSize = tokens.Length };
    }
}
