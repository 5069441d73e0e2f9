using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>
/// A weight on a grid whose scales are trained: level = round(clamp(w / s)), result level · s, with s as the grid's format stores it (straight-through). Weights beyond
/// the outermost levels get no gradient; that of a scale is divided by sqrt(weights that share it · highest level). A scale of 0 holds zeros and stays so. Source:
/// S. Esser et al., "Learned Step Size Quantization", 2020, sections 2.1 and 2.2, with a step for each group instead of each layer.
/// </summary>
public sealed unsafe class LearnedScaleOperation : IOperation
{
    private readonly Parameter _weight, _scales;
    private readonly WeightGrid _grid;
    private readonly Tensor _quantised;
    private readonly int _group;
    private readonly float _factor;
    private readonly Action<int, int> _forward, _backward;
    private StepContext _context = null!;
    private bool _weightAdds, _scalesAdd;

    /// <param name="weight">[out, in]; in a multiple of the grid's group.</param>
    /// <param name="scales">[out, groups of a row].</param>
    public LearnedScaleOperation(Parameter weight, Parameter scales, WeightGrid grid)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(scales);
        ArgumentNullException.ThrowIfNull(grid);
        (_weight, _scales, _grid, _group) = (weight, scales, grid, weight.Columns / scales.Columns);
        _factor = (float)(1 / Math.Sqrt((double)_group * grid.Highest));
        _quantised = Graph.New($"{weight.Name}.{grid.Name}", weight.Rows, weight.Columns);
        Inputs = [weight, scales];
        Outputs = [_quantised];
        (_forward, _backward) = (Forward, Backward);
    }

    public string Name => "learned scales";

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept => Inputs;

    public void Forward(StepContext context)
    {
        _context = context;
        context.Workers.Run(_weight.Rows, _forward);
    }

    public void Backward(StepContext context)
    {
        _context = context;
        (_weightAdds, _scalesAdd) = (_weight.NeedsGradient && _weight.StartsGradient(), _scales.NeedsGradient && _scales.StartsGradient());
        context.Workers.Run(_weight.Rows, _backward);
    }

    private void Forward(int row, int thread)
    {
        for (int i = 0; i < _scales.Columns; i++)
        {
            nint at = ((nint)row * _weight.Columns) + (i * _group);
            float scale = _grid.StoredScale(_scales.Value[((nint)row * _scales.Columns) + i]);
            if (!float.IsFinite(scale)) throw EdgeBenchException.BadInput($"row {row} of {_scales.Name}: a scale of {scale}", $"scales that {_grid.Name} can hold", "Lower the learning rate, and go on from the last checkpoint.");
            _context.Kernels.OnLevels(_weight.Value + at, scale, _grid.Lowest, _grid.Highest, _quantised.Value + at, _group);
        }
    }

    private void Backward(int row, int thread)
    {
        for (int i = 0; i < _scales.Columns; i++)
        {
            nint at = ((nint)row * _weight.Columns) + (i * _group), place = ((nint)row * _scales.Columns) + i;
            float* into = _weight.NeedsGradient ? _weight.Gradient + at : null;
            float slope = _factor * _context.Kernels.OnLevelsBackward(_weight.Value + at, _grid.StoredScale(_scales.Value[place]), _grid.Lowest, _grid.Highest, _quantised.Gradient + at, into, _group, _weightAdds);
            if (_scales.NeedsGradient) _scales.Gradient[place] = _scalesAdd ? _scales.Gradient[place] + slope : slope;
        }
    }
}
