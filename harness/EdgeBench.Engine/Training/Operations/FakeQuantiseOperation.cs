using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>
/// A weight as it will be after quantisation: levels times scales, computed anew in each forward pass. Its gradient goes to the weight unchanged (straight-through;
/// scales count as constants). Source: Y. Bengio et al., "Estimating or Propagating Gradients Through Stochastic Neurons", 2013; B. Jacob et al., 2018.
/// </summary>
public sealed unsafe class FakeQuantiseOperation : IOperation
{
    private readonly Parameter _weight;
    private readonly WeightGrid _grid;
    private readonly Tensor _quantised;
    private readonly Action<int, int> _rows, _pass;
    private StepContext _context = null!;
    private bool _adds;

    /// <param name="weight">[out, in]; in a multiple of the grid's group.</param>
    public FakeQuantiseOperation(Parameter weight, WeightGrid grid)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(grid);
        grid.Check(weight.Name, weight.Columns);
        (_weight, _grid) = (weight, grid);
        _quantised = Graph.New($"{weight.Name}.{grid.Name}", weight.Rows, weight.Columns);
        Inputs = [weight];
        Outputs = [_quantised];
        (_rows, _pass) = (Rows, Pass);
    }

    public string Name => "fake quantise";

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept => [];

    public Tensor? ReplacesGradient => _weight;

    public void Forward(StepContext context) => context.Workers.Run(_weight.Rows, _rows);

    public void Backward(StepContext context)
    {
        _context = context;
        _adds = _weight.StartsGradient();
        if (_quantised.Gradient != _weight.Gradient) context.Workers.Run(_weight.Rows, _pass);
    }

    private void Rows(int row, int thread)
    {
        nint at = (nint)row * _weight.Columns;
        try
        {
            _grid.Dequantised(new ReadOnlySpan<float>(_weight.Value + at, _weight.Columns), new Span<float>(_quantised.Value + at, _weight.Columns));
        }
        catch (NotFiniteNumberException error)
        {
            throw EdgeBenchException.BadInput($"row {row} of {_weight.Name}: {error.Message}", $"weights that {_grid.Name} can hold", "Lower the learning rate, and go on from the last checkpoint.");
        }
    }

    private void Pass(int row, int thread)
    {
        nint at = (nint)row * _weight.Columns;
        _context.Kernels.Scale(_quantised.Gradient + at, 1, _weight.Gradient + at, _weight.Columns, _adds);
    }
}
