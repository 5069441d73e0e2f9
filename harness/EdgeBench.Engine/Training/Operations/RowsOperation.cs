using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>Some rows of each sequence: [sequences · length, width] to [sequences · count, width].</summary>
public sealed unsafe class RowsOperation : IOperation
{
    private readonly Tensor _x, _y;
    private readonly int _length, _first, _count;
    private readonly Action<int, int> _forward, _backward;
    private StepContext _context = null!;
    private bool _adds;

    /// <param name="first">Number of the first row in its sequence.</param>
    public RowsOperation(string name, Tensor x, int sequences, int first, int count)
    {
        (_x, _length, _first, _count) = (x, x.Rows / sequences, first, count);
        _y = Graph.New(name, sequences * count, x.Columns);
        Inputs = [x];
        Outputs = [_y];
        (_forward, _backward) = (Forward, Backward);
    }

    public string Name => "rows";

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept => [];

    public void Forward(StepContext context)
    {
        _context = context;
        context.Workers.Run(new RowPieces(_y.Rows).Count, _forward);
    }

    public void Backward(StepContext context)
    {
        (_context, _adds) = (context, _x.StartsGradient());
        context.Workers.Run(new RowPieces(_x.Rows).Count, _backward);
    }

    private void Forward(int piece, int thread)
    {
        RowPieces pieces = new(_y.Rows);
        for (int row = pieces.First(piece); row < pieces.End(piece); row++)
        {
            nint from = ((nint)(row / _count) * _length) + _first + (row % _count);
            _context.Kernels.Scale(_x.Value + (from * _x.Columns), 1, _y.Value + ((nint)row * _y.Columns), _y.Columns, adds: false);
        }
    }

    private void Backward(int piece, int thread)
    {
        RowPieces pieces = new(_x.Rows);
        for (int row = pieces.First(piece); row < pieces.End(piece); row++)
        {
            float* dx = _x.Gradient + ((nint)row * _x.Columns);
            int chosen = (row % _length) - _first;
            if (chosen >= 0 && chosen < _count) _context.Kernels.Scale(_y.Gradient + (((nint)(row / _length) * _count) + chosen) * _y.Columns, 1, dx, _x.Columns, _adds);
            else if (!_adds) new Span<float>(dx, _x.Columns).Clear();
        }
    }
}
