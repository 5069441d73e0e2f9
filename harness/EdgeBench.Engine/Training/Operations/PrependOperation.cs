using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>Puts the same rows before each sequence: [sequences · length, width] and [count, width] to [sequences · (count + length), width].</summary>
public sealed unsafe class PrependOperation : IOperation
{
    private readonly Tensor _x, _rows, _y;
    private readonly int _sequences, _length;
    private readonly Action<int, int> _forward, _backward, _sum;
    private StepContext _context = null!;
    private bool _adds;

    public PrependOperation(string name, Tensor x, Tensor rows, int sequences)
    {
        (_x, _rows, _sequences, _length) = (x, rows, sequences, rows.Rows + (x.Rows / sequences));
        _y = Graph.New(name, sequences * _length, x.Columns);
        Inputs = [x, rows];
        Outputs = [_y];
        (_forward, _backward, _sum) = (Forward, Backward, Sum);
    }

    public string Name => "prepend";

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
        _context = context;
        if (_x.NeedsGradient)
        {
            _adds = _x.StartsGradient();
            context.Workers.Run(new RowPieces(_x.Rows).Count, _backward);
        }
        if (!_rows.NeedsGradient) return;
        _adds = _rows.StartsGradient();
        context.Workers.Run(_rows.Rows, _sum);
    }

    private void Forward(int piece, int thread)
    {
        RowPieces pieces = new(_y.Rows);
        for (int row = pieces.First(piece); row < pieces.End(piece); row++)
        {
            (int sequence, int place) = Math.DivRem(row, _length);
            float* source = place < _rows.Rows ? _rows.Value + ((nint)place * _y.Columns) : _x.Value + (((nint)sequence * (_length - _rows.Rows)) + place - _rows.Rows) * _y.Columns;
            _context.Kernels.Scale(source, 1, _y.Value + ((nint)row * _y.Columns), _y.Columns, adds: false);
        }
    }

    private void Backward(int piece, int thread)
    {
        RowPieces pieces = new(_x.Rows);
        for (int row = pieces.First(piece); row < pieces.End(piece); row++)
        {
            (int sequence, int place) = Math.DivRem(row, _length - _rows.Rows);
            _context.Kernels.Scale(_y.Gradient + ((((nint)sequence * _length) + _rows.Rows + place) * _y.Columns), 1, _x.Gradient + ((nint)row * _y.Columns), _y.Columns, _adds);
        }
    }

    // One of the rows, over all sequences in order.
    private void Sum(int row, int thread)
    {
        float* gradient = _rows.Gradient + ((nint)row * _y.Columns);
        for (int sequence = 0; sequence < _sequences; sequence++)
            _context.Kernels.Scale(_y.Gradient + ((((nint)sequence * _length) + row) * _y.Columns), 1, gradient, _y.Columns, _adds || sequence > 0);
    }
}
