using System.Diagnostics;
using EdgeBench.Engine.Decoding;

namespace EdgeBench.Compression.Calibration;

/// <summary>What later layers read while a model is compressed layer by layer.</summary>
public enum Prefix
{
    /// <summary>What the compressed layers before give: later layers can make up for earlier ones.</summary>
    Compressed,

    /// <summary>What the uncompressed layers before give.</summary>
    Dense,
}

/// <summary>
/// Goes through a decoder one block at a time: gathers what its sites read (the block itself still dense), lets a caller change its matrices, and
/// carries the residual stream on. Memory: the stream (4 · tokens · width bytes), one block in float32, and the statistics of its four sites.
/// </summary>
public sealed class LayerWalk
{
    private readonly Decoder _decoder;
    private readonly CalibrationTokens _tokens;
    private readonly int _threads;
    private readonly float[][] _hidden;
    private readonly float[] _scratch;
    private readonly int _together;

    /// <param name="threads">0 takes all processors.</param>
    public LayerWalk(IWeights weights, CalibrationTokens tokens, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(tokens);
        _threads = threads == 0 ? Environment.ProcessorCount : threads;
        _tokens = tokens;
        _decoder = new Decoder(weights, _threads, tokens.Length);
        _together = Math.Max(1, DecoderBlock.RowsAtOnce / tokens.Length);
        int width = weights.Architecture.Width;
        _hidden = [.. tokens.Sequences.Chunk(_together).Select(group =>
        {
            float[] hidden = new float[group.Length * tokens.Length * width];
            _decoder.Embed([.. group.SelectMany(sequence => sequence)], hidden);
            return hidden;
        })];
        _scratch = new float[_hidden[0].Length];
    }

    /// <summary>Seconds in forward passes and in gathering.</summary>
    public double CalibrationSeconds { get; private set; }

    /// <summary>Seconds in the caller.</summary>
    public double SolveSeconds { get; private set; }

    /// <summary>Runs through all layers.</summary>
    /// <param name="gram">Whether Gram matrices are gathered for a site.</param>
    /// <param name="compress">Gets each block with the statistics of its sites, and may change the values of its matrices.</param>
    public void Run(
        Prefix prefix, Func<LinearSite, bool> gram, Action<DecoderBlock, IReadOnlyDictionary<LinearSite, SiteStatistics>> compress,
        IProgress<string>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(compress);
        int layers = _decoder.Architecture.Layers;
        for (int layer = 0; layer < layers; layer++)
        {
            long start = Stopwatch.GetTimestamp();
            DecoderBlock block = _decoder.Block(layer);
            Dictionary<LinearSite, SiteStatistics> statistics = [];
            void Gather(int _, LinearSite site, Span<float> rows, int width)
            {
                if (!statistics.TryGetValue(site, out SiteStatistics? one)) statistics[site] = one = new SiteStatistics(width, gram(site));
                one.Add(rows, _threads);
            }
            Forward(block, Gather, keep: prefix == Prefix.Dense, cancellation);
            foreach (SiteStatistics one in statistics.Values) one.Complete();
            CalibrationSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;

            start = Stopwatch.GetTimestamp();
            compress(block, statistics);
            SolveSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;

            start = Stopwatch.GetTimestamp();
            if (prefix == Prefix.Compressed && layer + 1 < layers) Forward(block, null, keep: true, cancellation);
            CalibrationSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
            CollectBlock();
            progress?.Report($"layer {layer + 1} of {layers}: {CalibrationSeconds:0} s calibrating, {SolveSeconds:0} s solving");
        }
    }

    // A block's arrays are large objects; left alone, the runtime lets gigabytes of those of earlier blocks pile up. Milliseconds against seconds a block.
    private static void CollectBlock() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);

    private void Forward(DecoderBlock block, ActivationTap? tap, bool keep, CancellationToken cancellation)
    {
        int width = _decoder.Architecture.Width;
        foreach (float[] hidden in _hidden)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<float> rows = keep ? hidden : _scratch.AsSpan(0, hidden.Length);
            if (!keep) hidden.CopyTo(rows);
            block.Forward(rows, hidden.Length / width / _tokens.Length, _tokens.Length, tap);
        }
    }
}
