using System.Numerics.Tensors;
using EdgeBench.Compression.Awq;
using EdgeBench.Compression.Calibration;
using EdgeBench.Compression.Grids;
using EdgeBench.Compression.SmoothQuant;
using EdgeBench.Engine.Decoding;

namespace EdgeBench.Compression.Quantising;

/// <summary>Quantises the matrices of one block from the statistics of its sites.</summary>
/// <param name="gridOf">Grid of a matrix, or null where it is left as it is.</param>
internal sealed class BlockQuantiser(IWeights weights, LevelSettings settings, Func<BlockMatrix, LevelGrid?> gridOf, int threads, CancellationToken cancellation)
{
    /// <summary>Replaces the values of the block's matrices by what the quantised block computes with, folds undone.</summary>
    public BlockResult Run(DecoderBlock block, IReadOnlyDictionary<LinearSite, SiteStatistics> statistics)
    {
        Dictionary<LinearSite, SiteSolver> solvers = statistics.ToDictionary(
            pair => pair.Key, pair => new SiteSolver(block.Layer, pair.Key, pair.Value, settings, threads, cancellation));
        (Dictionary<LinearSite, float[]> scales, Dictionary<LinearSite, double> powers) = FindScales(block, solvers);
        List<MatrixResult> results = [];
        foreach (BlockMatrix matrix in block.Matrices.Values)
        {
            if (gridOf(matrix) is { } grid) results.Add(Quantise(matrix, grid, solvers[matrix.Site], scales));
        }
        return new BlockResult(block.Layer, results, Vectors(block, scales), powers,
            solvers.ToDictionary(pair => pair.Key, pair => Largest(pair.Value.Statistics.Largest, scales.GetValueOrDefault(pair.Key))));
    }

    private static float Largest(ReadOnlySpan<float> inputs, float[]? scales)
    {
        if (scales is null) return TensorPrimitives.Max(inputs);
        float[] scaled = inputs.ToArray();
        TensorPrimitives.Divide(scaled, scales, scaled);
        return TensorPrimitives.Max<float>(scaled);
    }

    private (Dictionary<LinearSite, float[]>, Dictionary<LinearSite, double>) FindScales(DecoderBlock block, Dictionary<LinearSite, SiteSolver> solvers)
    {
        Dictionary<LinearSite, float[]> scales = [];
        Dictionary<LinearSite, double> powers = [];
        FoldSites sites = settings.Smooth is null ? settings.Fold : FoldSites.Norms;
        foreach ((LinearSite site, SiteSolver solver) in solvers.Where(pair => sites.Includes(pair.Key)))
        {
            BlockMatrix[] readers = [.. block.Matrices.Values.Where(matrix => matrix.Site == site)];
            // A matrix that stays dense would need the scale all the same, and gain nothing.
            if (readers.Any(matrix => gridOf(matrix) is null) || Makers(block, site, solver.Statistics.Width).Any(matrix => gridOf(matrix) is null)) continue;
            if (settings.Smooth is { } alpha)
            {
                scales[site] = SmoothScales.Of(solver.Statistics.Largest, readers.Select(matrix => matrix.Values), alpha);
                continue;
            }
            (float[] found, double power) = ScaleSearch.Find(
                solver, [.. readers.Select(matrix => (matrix.Values, matrix.Rows, gridOf(matrix)!))], FoldTargets.Ties(weights.Architecture, site, solver.Statistics.Width), settings);
            (scales[site], powers[site]) = (found, power);
        }
        return (scales, powers);
    }

    private IEnumerable<BlockMatrix> Makers(DecoderBlock block, LinearSite site, int width) =>
        block.Matrices.Values.Where(matrix => FoldTargets.RowScales(weights.Architecture, matrix.Name, matrix.Rows, site, new float[width]) is not null);

    private MatrixResult Quantise(BlockMatrix matrix, LevelGrid grid, SiteSolver solver, Dictionary<LinearSite, float[]> scales)
    {
        float[] columns = scales.GetValueOrDefault(matrix.Site) ?? [];
        float[]? rows = RowScales(matrix, scales);
        float[] folded = columns.Length == 0 ? (float[])matrix.Values.Clone() : ColumnScales.Multiply(matrix.Values, columns);
        if (rows is not null) ForRows(folded, rows, divide: true);
        IQuantisedMatrix quantised = solver.Solve(folded, matrix.Rows, columns, grid, nearest: false);

        float[] effective = quantised.Dequantise();
        if (columns.Length > 0) ColumnScales.Divide(effective, columns);
        if (rows is not null) ForRows(effective, rows, divide: false);
        double? output = solver.Error?.Relative(matrix.Values, effective);
        double weight = WeightError.Of(matrix.Values, effective);
        effective.CopyTo(matrix.Values, 0);
        return new MatrixResult(matrix.Name, matrix.Site, quantised, weight, output);
    }

    private float[]? RowScales(BlockMatrix matrix, Dictionary<LinearSite, float[]> scales)
    {
        float[]? all = null;
        foreach ((LinearSite site, float[] columns) in scales) all ??= FoldTargets.RowScales(weights.Architecture, matrix.Name, matrix.Rows, site, columns);
        return all;
    }

    private static void ForRows(float[] values, float[] scales, bool divide)
    {
        int columns = values.Length / scales.Length;
        for (int row = 0; row < scales.Length; row++)
        {
            Span<float> one = values.AsSpan(row * columns, columns);
            if (divide) TensorPrimitives.Divide(one, scales[row], one);
            else TensorPrimitives.Multiply(one, scales[row], one);
        }
    }

    // Norm gains are divided by the scales of what reads them, biases by the scales of their rows.
    private Dictionary<string, float[]> Vectors(DecoderBlock block, Dictionary<LinearSite, float[]> scales)
    {
        Dictionary<string, float[]> vectors = [];
        foreach ((LinearSite site, float[] columns) in scales.Where(pair => pair.Key is LinearSite.AttentionInput or LinearSite.FeedForwardInput))
        {
            float[] gain = weights.Load(FoldTargets.Norm(block.Layer, site));
            ColumnScales.Divide(gain, columns);
            vectors[FoldTargets.Norm(block.Layer, site)] = gain;
        }
        foreach (BlockMatrix matrix in block.Matrices.Values)
        {
            string bias = matrix.Name[..^".weight".Length] + ".bias";
            if (RowScales(matrix, scales) is not { } rows || !weights.Has(bias)) continue;
            float[] values = weights.Load(bias);
            ColumnScales.Divide(values, rows);
            vectors[bias] = values;
        }
        return vectors;
    }
}
