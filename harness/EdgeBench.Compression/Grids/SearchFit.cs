using System.Numerics.Tensors;

namespace EdgeBench.Compression.Grids;

/// <summary>
/// Scales by search: ranges around the group's own are tried, each refitted to its levels by weighted least squares, and the stored (rounded) grid
/// with the least weighted squared error is taken. The idea of llama.cpp's <c>make_qkx2_quants</c> and <c>make_qx_quants</c>.
/// </summary>
internal ref struct SearchFit
{
    // The group's range is spread over Steps + Fewest to Steps + Most levels; what exceeds the format's own is clipped.
    private const float Fewest = -0.8f;
    private const float Most = 2.4f;
    private const float Step = 0.2f;

    private readonly LevelGrid _grid;
    private readonly ReadOnlySpan<float> _values;
    private readonly ReadOnlySpan<float> _weights;
    private GroupScale _best;
    private float _least;

    private SearchFit(LevelGrid grid, ReadOnlySpan<float> values, ReadOnlySpan<float> weights)
    {
        _grid = grid;
        _values = values;
        _weights = weights;
        GroupScale range = RangeFit.Of(grid, values);
        _best = new GroupScale(range.Scale, range.Offset);
        _least = LeastSquares.Error(values, weights, _best, grid.Lowest, grid.Highest);
    }

    /// <param name="values">A group of 32.</param>
    /// <param name="weights">What a squared error counts, each at least 0.</param>
    public static GroupScale Of(LevelGrid grid, ReadOnlySpan<float> values, ReadOnlySpan<float> weights)
    {
        SearchFit search = new(grid, values, weights);
        for (float more = Fewest; more <= Most && search._least > 0; more += Step)
        {
            if (grid.Centre is { } centre) search.TrySymmetric(more, centre);
            else search.TryAffine(more);
        }
        return search._best;
    }

    private void TryAffine(float more)
    {
        (float low, float high) = (TensorPrimitives.Min(_values), TensorPrimitives.Max(_values));
        if (!(high > low)) return;
        // Both ends are clipped alike.
        float inverse = (_grid.Steps + more) / (high - low), cut = 0.5f * Math.Max(more, 0) / inverse;
        LeastSquares sums = LeastSquares.Of(_values, _weights, inverse, -(low + cut), 0, _grid.Lowest, _grid.Highest);
        if (sums.Affine is var (scale, offset)) Keep(ScaleStorage.Asymmetric(_grid, scale, offset));
    }

    private void TrySymmetric(float more, int centre)
    {
        float largest = _values[TensorPrimitives.IndexOfMaxMagnitude(_values)];
        if (largest == 0) return;
        float inverse = (centre == 0 ? _grid.Highest + more : centre + more) / largest;
        Keep(ScaleStorage.Symmetric(_grid, LeastSquares.Of(_values, _weights, inverse, 0, centre, _grid.Lowest, _grid.Highest).Scale));
        // The lowest level lies further out than the highest: the other sign is another grid.
        if (centre != 0) Keep(ScaleStorage.Symmetric(_grid, LeastSquares.Of(_values, _weights, -inverse, 0, centre, _grid.Lowest, _grid.Highest).Scale));
    }

    private void Keep(GroupScale candidate)
    {
        float error = LeastSquares.Error(_values, _weights, candidate, _grid.Lowest, _grid.Highest);
        if (error < _least) (_best, _least) = (candidate, error);
    }
}
