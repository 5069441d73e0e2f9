using EdgeBench.Compression.Awq;
using EdgeBench.Compression.Calibration;
using EdgeBench.Compression.Gptq;
using EdgeBench.Compression.Grids;
using EdgeBench.Engine.Decoding;

namespace EdgeBench.Compression.Quantising;

/// <summary>Finds levels for the matrices that read one site; what depends on the site alone is computed once.</summary>
internal sealed class SiteSolver
{
    private readonly LevelSettings _settings;
    private readonly CancellationToken _cancellation;
    private readonly InverseFactor? _factor;

    public SiteSolver(int layer, LinearSite site, SiteStatistics statistics, LevelSettings settings, int threads, CancellationToken cancellation)
    {
        (Statistics, _settings, _cancellation) = (statistics, settings, cancellation);
        MeanSquare = statistics.MeanSquare;
        Error = statistics.Gram.Length > 0 ? new OutputError(statistics, threads) : null;
        if (!settings.Gptq) return;
        int[] order = [.. Enumerable.Range(0, statistics.Width)];
        // Stable: equal diagonals keep their order.
        if (settings.Order != ColumnOrder.Natural) order = [.. order.OrderByDescending(column => MeanSquare[column])];
        _factor = InverseFactor.Of(statistics.Gram, order, settings.Damping, $"layer {layer}, {site}", cancellation);
    }

    public SiteStatistics Statistics { get; }

    public float[] MeanSquare { get; }

    /// <summary>Null where no Gram matrix was gathered.</summary>
    public OutputError? Error { get; }

    /// <summary>Levels for weights whose columns are multiplied by <paramref name="scales"/> already.</summary>
    /// <param name="scales">What the site's inputs are divided by, or empty for 1.</param>
    public IQuantisedMatrix Solve(float[] weights, int rows, ReadOnlySpan<float> scales, LevelGrid grid, bool nearest)
    {
        float[] importance = Importance(scales);
        if (grid.ByCodec) return new CodecMatrix(grid.Stored!.Value, weights, rows, importance, _cancellation);
        if (nearest || _factor is null) return NearestRounding.Round(grid, weights, rows, _settings.Scales, importance, _cancellation);
        InverseFactor factor = scales.IsEmpty ? _factor : _factor.Scaled(scales);
        return new GptqSolver(factor, grid, _settings.Scales, _settings.Order, importance).Solve(weights, rows, _cancellation);
    }

    // Inputs that are divided by s have mean squares divided by s².
    private float[] Importance(ReadOnlySpan<float> scales)
    {
        if (scales.IsEmpty) return MeanSquare;
        float[] importance = (float[])MeanSquare.Clone();
        ColumnScales.Divide(importance, scales);
        ColumnScales.Divide(importance, scales);
        return importance;
    }
}
