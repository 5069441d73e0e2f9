using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>Σ (x - target)², a loss; with <see cref="StepContext.LossFactor"/> = 1 / elements it is the mean squared error.</summary>
public sealed unsafe class SquaredErrorOperation : IOperation
{
    private readonly Tensor _x, _target, _losses;
    private readonly Action<int, int> _rows;
    private StepContext _context = null!;
    private bool _adds;

    /// <param name="target">[rows, columns] of <paramref name="x"/>; gets no gradient.</param>
    public SquaredErrorOperation(string name, Tensor x, Tensor target)
    {
        (_x, _target) = (x, target);
        _losses = Graph.New(name, x.Rows, 1);
        Inputs = [x];
        Outputs = [_losses];
        _rows = Rows;
    }

    public string Name => "squared error";

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept => [];

    public bool IsLoss => true;

    public void Forward(StepContext context)
    {
        _context = context;
        _adds = context.Training && _x.NeedsGradient && _x.StartsGradient();
        context.Workers.Run(_x.Rows, _rows);
        context.LossSum = 0;
        for (int row = 0; row < _x.Rows; row++) context.LossSum += _losses.Value[row];
    }

    /// <summary>Nothing is left to do: <see cref="Forward"/> wrote the gradient.</summary>
    public void Backward(StepContext context)
    {
    }

    private void Rows(int row, int thread)
    {
        nint at = (nint)row * _x.Columns;
        float* gradient = _context.Training && _x.NeedsGradient ? _x.Gradient + at : null;
        _losses.Value[row] = _context.Kernels.SquaredError(_x.Value + at, _target.Value + at, gradient, 2 * _context.LossFactor, _x.Columns, _adds);
    }
}
