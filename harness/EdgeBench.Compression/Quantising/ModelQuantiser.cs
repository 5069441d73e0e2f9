using EdgeBench.Compression.Calibration;
using EdgeBench.Compression.Grids;
using EdgeBench.Engine.Decoding;
using EdgeBench.Engine.Encoding;

namespace EdgeBench.Compression.Quantising;

/// <summary>Quantises a model's blocks in order: a decoder's from what each reads on a calibration text, or any model's to nearest.</summary>
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
        walk.Run(prefix, _ => settings.NeedsGram, (block, statistics) => done(quantiser.Run(block, statistics)), progress, cancellation);
        return (walk.CalibrationSeconds, walk.SolveSeconds);
    }

    /// <summary>Rounds every matrix to nearest, with no calibration text: blocks are loaded and not run.</summary>
    public static void Round(
        IWeights weights, LevelSettings settings, Func<BlockMatrix, LevelGrid?> gridOf, Action<BlockResult> done, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(gridOf);
        ArgumentNullException.ThrowIfNull(done);
        if (settings.NeedsCalibration) throw new ArgumentException("These settings read a calibration text.", nameof(settings));
        for (int layer = 0; layer < weights.Architecture.Layers; layer++)
        {
            List<MatrixResult> results = [];
            foreach (BlockMatrix matrix in Matrices(weights, layer))
            {
                if (gridOf(matrix) is not { } grid) continue;
                QuantisedMatrix quantised = NearestRounding.Round(grid, matrix.Values, matrix.Rows, ScaleRule.Range, default, cancellation);
                results.Add(new MatrixResult(matrix.Name, matrix.Site, quantised, WeightError.Of(matrix.Values, quantised.Dequantise()), null));
            }
            done(new BlockResult(layer, results, new Dictionary<string, float[]>(), new Dictionary<LinearSite, double>(), new Dictionary<LinearSite, float>()));
        }
    }

    private static IEnumerable<BlockMatrix> Matrices(IWeights weights, int layer) => weights.Architecture.IsEncoder
        ? EncoderBlock.Load(weights, layer).Matrices.Values
        : DecoderBlock.Load(weights, layer).Matrices.Values;
}
