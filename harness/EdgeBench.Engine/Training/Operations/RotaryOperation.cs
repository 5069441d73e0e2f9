using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>Rotary position embedding of all heads of a row, positions in the sequence from <c>first</c> on. Source: J. Su et al., "RoFormer", 2021.</summary>
public sealed unsafe class RotaryOperation : IOperation
{
    private readonly Tensor _x, _y;
    private readonly int _headDim, _length, _first;
    private readonly RotaryAngles _angles;
    private readonly Action<int, int> _forward, _backward;
    private StepContext _context = null!;
    private bool _adds;

    /// <param name="x">[rows, heads · head_dim], sequences of <paramref name="length"/> rows.</param>
    public RotaryOperation(string name, Tensor x, int headDim, int length, RotaryAngles angles, int first = 0)
    {
        (_x, _headDim, _length, _angles, _first) = (x, headDim, length, angles, first);
        _y = Graph.New(name, x.Rows, x.Columns);
        Inputs = [x];
        Outputs = [_y];
        (_forward, _backward) = (Forward, Backward);
    }

    public string Name => "rotary";

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept => [];

    public Tensor? ReplacesValue => _x;

    public Tensor? ReplacesGradient => _x;

    public void Forward(StepContext context)
    {
        _context = context;
        context.Workers.Run(new RowPieces(_y.Rows).Count, _forward);
    }

    public void Backward(StepContext context)
    {
        _context = context;
        _adds = _x.StartsGradient();
        context.Workers.Run(new RowPieces(_y.Rows).Count, _backward);
    }

    private void Forward(int piece, int thread)
    {
        RowPieces pieces = new(_y.Rows);
        for (int row = pieces.First(piece); row < pieces.End(piece); row++)
        {
            float* y = _y.Value + ((nint)row * _y.Columns);
            if (_y.Value != _x.Value) new ReadOnlySpan<float>(_x.Value + ((nint)row * _y.Columns), _y.Columns).CopyTo(new Span<float>(y, _y.Columns));
            _context.Kernels.Rotate(y, _y.Columns / _headDim, _headDim, _angles.Pairs, _angles.Cosines(_first + (row % _length)), _angles.Sines(_first + (row % _length)));
        }
    }

    private void Backward(int piece, int thread)
    {
        RowPieces pieces = new(_y.Rows);
        for (int row = pieces.First(piece); row < pieces.End(piece); row++)
        {
            float* dy = _y.Gradient + ((nint)row * _y.Columns), dx = _x.Gradient + ((nint)row * _y.Columns);
            _context.Kernels.Rotate(dy, _y.Columns / _headDim, _headDim, _angles.Pairs, _angles.Cosines(_first + (row % _length)), _angles.BackSines(_first + (row % _length)));
            if (dx != dy) _context.Kernels.Scale(dy, 1, dx, _y.Columns, _adds);
        }
    }
}
