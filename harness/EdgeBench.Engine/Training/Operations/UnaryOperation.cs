using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>Applies a function to each element.</summary>
public sealed unsafe class UnaryOperation : IOperation
{
    private readonly UnaryKind _kind;
    private readonly Tensor _x, _y;
    private readonly Action<int, int> _forward, _backward;
    private StepContext _context = null!;
    private bool _adds;

    public UnaryOperation(string name, UnaryKind kind, Tensor x)
    {
        (_kind, _x) = (kind, x);
        _y = Graph.New(name, x.Rows, x.Columns);
        Inputs = [x];
        Outputs = [_y];
        (_forward, _backward) = (Forward, Backward);
    }

    public string Name => _kind switch { UnaryKind.Gelu => "gelu", UnaryKind.Tanh => "tanh", _ => "silu" };

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept => Inputs;

    public void Forward(StepContext context)
    {
        _context = context;
        context.Workers.Run(new RowPieces(_y.Rows).Count, _forward);
    }

    public void Backward(StepContext context)
    {
        (_context, _adds) = (context, _x.StartsGradient());
        context.Workers.Run(new RowPieces(_y.Rows).Count, _backward);
    }

    private void Forward(int piece, int thread)
    {
        (nint first, int count) = Span(piece);
        if (_kind == UnaryKind.Gelu) _context.Kernels.Gelu(_x.Value + first, _y.Value + first, count);
        else if (_kind == UnaryKind.Tanh) _context.Kernels.Tanh(_x.Value + first, _y.Value + first, count);
        else _context.Kernels.Silu(_x.Value + first, _y.Value + first, count);
    }

    private void Backward(int piece, int thread)
    {
        (nint first, int count) = Span(piece);
        if (_kind == UnaryKind.Gelu) _context.Kernels.GeluBackward(_x.Value + first, _y.Gradient + first, _x.Gradient + first, count, _adds);
        else if (_kind == UnaryKind.Tanh) _context.Kernels.TanhBackward(_x.Value + first, _y.Gradient + first, _x.Gradient + first, count, _adds);
        else _context.Kernels.SiluBackward(_x.Value + first, _y.Gradient + first, _x.Gradient + first, count, _adds);
    }

    private (nint First, int Count) Span(int piece)
    {
        RowPieces pieces = new(_y.Rows);
        return ((nint)pieces.First(piece) * _y.Columns, (pieces.End(piece) - pieces.First(piece)) * _y.Columns);
    }
}
