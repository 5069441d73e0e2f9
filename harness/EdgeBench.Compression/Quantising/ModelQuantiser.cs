using EdgeBench.Compression.Awq;
using EdgeBench.Compression.Calibration;
using EdgeBench.Compression.Grids;
using EdgeBench.Engine.Decoding;

namespace EdgeBench.Compression.Quantising;

/// <summary>Quantises a decoder's blocks in order, each from what it reads on a calibration text.</summary>
public static class ModelQuantiser
{
    /// <param name="gridOf">Grid of a matrix, or null where it is left as it is.</param>
    /// <param name="done">Gets each block's result; it may let go of it.</param>
    /// <param name="threads">0 takes all processors.</param>
    /// <returns>Seconds of calibration and of solving.</returns>
    public static (double Calibrating, double Solving) Run(
        IWeights weights, CalibrationTokens tokens, LevelSettings settings, Prefix prefix, Func<BlockMatrix, LevelGrid?> gridOf, Action<BlockResult> done,
        IProgress<string>? progress, CancellationToken cancellation, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(settings);
        int parallel = threads == 0 ? Environment.ProcessorCount : threads;
        LayerWalk walk = new(weights, tokens, parallel);
        BlockQuantiser quantiser = new(weights, settings, gridOf, parallel, cancellation);
        walk.Run(prefix, _ => settings.Gptq || settings.Fold != FoldSites.None || settings.Smooth is null, (block, statistics) => done(quantiser.Run(block, statistics)), progress, cancellation);
        return (walk.CalibrationSeconds, walk.SolveSeconds);
    }
}
