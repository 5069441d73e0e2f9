using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>silu(gate) · up, silu(z) = z / (1 + e^-z). Source: N. Shazeer, "GLU Variants Improve Transformer", 2020.</summary>
public sealed unsafe class SwiGluOperation : IOperation
{
    private readonly Tensor _gate, _up, _y;
    private readonly UnwantedGradient _dgate, _dup;
    private readonly Action<int, int> _forward, _backward;
    private StepContext _context = null!;

    public SwiGluOperation(string name, Tensor gate, Tensor up)
    {
        (_gate, _up) = (gate, up);
        _y = Graph.New(name, gate.Rows, gate.Columns);
        Inputs = [gate, up];
        Outputs = [_y];
        (_dgate, _dup) = (new(gate), new(up));
        Workspace = [.. _dgate.Memory, .. _dup.Memory];
        (_forward, _backward) = (Forward, Backward);
    }

    public string Name => "swiglu";

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept => Inputs;

    public IReadOnlyList<Tensor> Workspace { get; }

    public void Forward(StepContext context)
    {
        _context = context;
        context.Workers.Run(new RowPieces(_y.Rows).Count, _forward);
    }

    public void Backward(StepContext context)
    {
        _context = context;
        _dgate.Start();
        _dup.Start();
        context.Workers.Run(new RowPieces(_y.Rows).Count, _backward);
    }

    private void Forward(int piece, int thread)
    {
        (nint first, int count) = Span(piece);
        _context.Kernels.SwiGlu(_gate.Value + first, _up.Value + first, _y.Value + first, count);
    }

    private void Backward(int piece, int thread)
    {
        (nint first, int count) = Span(piece);
        _context.Kernels.SwiGluBackward(_gate.Value + first, _up.Value + first, _y.Gradient + first, _dgate.Address + first, _dup.Address + first, count);
    }

    private (nint First, int Count) Span(int piece)
    {
        RowPieces pieces = new(_y.Rows);
        return ((nint)pieces.First(piece) * _y.Columns, (pieces.End(piece) - pieces.First(piece)) * _y.Columns);
    }
}
