using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>The first row of each sequence: [sequences · length, width] to [sequences, width].</summary>
public sealed unsafe class FirstRowsOperation : IOperation
{
    private readonly Tensor _x, _y;
    private readonly int _length;

    public FirstRowsOperation(string name, Tensor x, int sequences)
    {
        (_x, _length) = (x, x.Rows / sequences);
        _y = Graph.New(name, sequences, x.Columns);
        Inputs = [x];
        Outputs = [_y];
    }

    public string Name => "first rows";

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept => [];

    public void Forward(StepContext context)
    {
        for (int row = 0; row < _y.Rows; row++) context.Kernels.Scale(_x.Value + ((nint)row * _length * _x.Columns), 1, _y.Value + ((nint)row * _y.Columns), _y.Columns, adds: false);
    }

    public void Backward(StepContext context)
    {
        if (!_x.StartsGradient())
        {
            for (int row = 0; row < _x.Rows; row++) new Span<float>(_x.Gradient + ((nint)row * _x.Columns), _x.Columns).Clear();
        }
        for (int row = 0; row < _y.Rows; row++) context.Kernels.Add(_y.Gradient + ((nint)row * _y.Columns), _x.Gradient + ((nint)row * _length * _x.Columns), _y.Columns);
    }
}
