using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>y = a + b, all [rows, columns]: a residual sum of the stream a and a layer's result b.</summary>
public sealed unsafe class SumOperation : IOperation
{
    private readonly Tensor _a, _b, _y;
    private readonly Action<int, int> _forward, _pass;
    private StepContext _context = null!;
    private Tensor _target;
    private bool _adds;

    public SumOperation(string name, Tensor a, Tensor b)
    {
        (_a, _b, _target) = (a, b, a);
        _y = Graph.New(name, a.Rows, a.Columns);
        Inputs = [a, b];
        Outputs = [_y];
        (_forward, _pass) = (Forward, Pass);
    }

    public string Name => "sum";

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept => [];

    // Not a, which may come from the layer before: recomputation would find it replaced.
    public Tensor? ReplacesValue => _b;

    public Tensor? ReplacesGradient => _a.NeedsGradient ? _a : _b;

    public void Forward(StepContext context)
    {
        _context = context;
        context.Workers.Run(new RowPieces(_y.Rows).Count, _forward);
    }

    public void Backward(StepContext context)
    {
        _context = context;
        Into(_b);
        Into(_a);
    }

    private void Into(Tensor input)
    {
        if (!input.NeedsGradient) return;
        (_target, _adds) = (input, input.StartsGradient());
        if (input.Gradient != _y.Gradient) _context.Workers.Run(new RowPieces(_y.Rows).Count, _pass);
    }

    private void Forward(int piece, int thread)
    {
        (nint first, int count) = Span(piece);
        if (_y.Value != _b.Value) new ReadOnlySpan<float>(_b.Value + first, count).CopyTo(new Span<float>(_y.Value + first, count));
        _context.Kernels.Add(_a.Value + first, _y.Value + first, count);
    }

    private void Pass(int piece, int thread)
    {
        (nint first, int count) = Span(piece);
        _context.Kernels.Scale(_y.Gradient + first, 1, _target.Gradient + first, count, _adds);
    }

    private (nint First, int Count) Span(int piece)
    {
        RowPieces pieces = new(_y.Rows);
        return ((nint)pieces.First(piece) * _y.Columns, (pieces.End(piece) - pieces.First(piece)) * _y.Columns);
    }
}
