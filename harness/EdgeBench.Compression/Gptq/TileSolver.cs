using System.Numerics;
using EdgeBench.Compression.Grids;

namespace EdgeBench.Compression.Gptq;

/// <summary>GPTQ's loop over the columns of one tile of rows; one instance a thread.</summary>
internal sealed class TileSolver(InverseFactor factor, QuantisedMatrix result, ScaleRule rule, ReadOnlyMemory<float> importance)
{
    private readonly int _columns = factor.Size;
    private readonly RowTile _tile = new(factor.Size);
    private readonly float[] _scale = new float[result.Groups * RowTile.Rows], _inverse = new float[result.Groups * RowTile.Rows];
    private readonly float[] _offset = new float[result.Groups * RowTile.Rows], _start = new float[result.Groups * RowTile.Rows], _levels = new float[RowTile.Rows];

    /// <summary>Chooses the scales of consecutive groups from the weights as they are.</summary>
    public void FitGroups(ReadOnlySpan<float> weights, int firstRow, int count)
    {
        int length = _columns / result.Groups;
        for (int row = 0; row < count; row++)
        {
            for (int group = 0; group < result.Groups; group++)
            {
                result.Scales[((firstRow + row) * result.Groups) + group] = rule.Fit(
                    result.Grid, weights.Slice((row * _columns) + (group * length), length), importance.Span.Slice(group * length, length));
            }
        }
    }

    /// <param name="early">The scales are chosen already, else when the first column of a group is reached.</param>
    public void Solve(ReadOnlySpan<float> weights, int firstRow, int count, bool early, int chunk)
    {
        Gather(weights, count);
        if (early)
        {
            for (int group = 0; group < result.Groups; group++) Spread(group, firstRow, count);
        }
        int stride = early ? chunk : result.Grid.Group;
        for (int start = 0; start < _columns; start += stride)
        {
            int end = Math.Min(start + stride, _columns);
            _tile.Correct(factor.Transposed, start, end);
            if (!early) FitReached(start, end, firstRow, count);
            for (int step = start; step < end; step++)
            {
                if (step > start) _tile.Correct(factor.Transposed, step, start, step);
                Round(step, firstRow, count);
            }
        }
    }

    private void Gather(ReadOnlySpan<float> weights, int count)
    {
        float[] tile = _tile.Weights;
        Array.Clear(tile);
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> values = weights.Slice(row * _columns, _columns);
            for (int step = 0; step < _columns; step++) tile[(step * RowTile.Rows) + row] = values[factor.Order[step]];
        }
    }

    private void FitReached(int start, int end, int firstRow, int count)
    {
        Span<float> values = stackalloc float[end - start], weights = stackalloc float[end - start];
        int group = result.GroupOf[factor.Order[start]];
        for (int i = start; i < end; i++) weights[i - start] = importance.Span[factor.Order[i]];
        for (int row = 0; row < count; row++)
        {
            for (int i = start; i < end; i++) values[i - start] = _tile.Weights[(i * RowTile.Rows) + row];
            result.Scales[((firstRow + row) * result.Groups) + group] = rule.Fit(result.Grid, values, weights);
        }
        Spread(group, firstRow, count);
    }

    // Scales by lane; lanes without a row keep 0.
    private void Spread(int group, int firstRow, int count)
    {
        for (int row = 0; row < RowTile.Rows; row++)
        {
            GroupScale scale = row < count ? result.Scales[((firstRow + row) * result.Groups) + group] : default;
            int at = (group * RowTile.Rows) + row;
            (_scale[at], _inverse[at], _offset[at], _start[at]) = (scale.Scale, scale.Inverse, scale.Offset, scale.Start);
        }
    }

    private void Round(int step, int firstRow, int count)
    {
        int column = factor.Order[step], at = result.GroupOf[column] * RowTile.Rows, lanes = Vector<float>.Count;
        Vector<float> low = new(result.Grid.Lowest), high = new(result.Grid.Highest), half = new(0.5f);
        Vector<float> pivot = new(1 / factor.Transposed[(step * _columns) + step]);
        for (int lane = 0; lane < RowTile.Rows; lane += lanes)
        {
            Vector<float> weight = new(_tile.Weights, (step * RowTile.Rows) + lane), offset = new(_offset, at + lane), start = new(_start, at + lane);
            Vector<float> level = Vector.Floor(Vector.FusedMultiplyAdd(weight - start, new Vector<float>(_inverse, at + lane), half));
            level = Vector.Min(Vector.Max(level, low), high);
            level.CopyTo(_levels, lane);
            ((weight - Vector.FusedMultiplyAdd(new Vector<float>(_scale, at + lane), level, offset)) * pivot).CopyTo(_tile.Errors, (step * RowTile.Rows) + lane);
        }
        for (int row = 0; row < count; row++) result.Levels[((firstRow + row) * _columns) + column] = (sbyte)_levels[row];
    }
}
