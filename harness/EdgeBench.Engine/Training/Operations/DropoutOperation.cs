using EdgeBench.Core.Numbers;
using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>
/// x / (1 - rate) with a share of its elements left out; x itself outside of training. Which ones depends on the seed, the step, the operation and the element
/// only: the backward pass and recomputation draw the same ones again, on any number of threads. Source: N. Srivastava et al., "Dropout", 2014.
/// </summary>
public sealed unsafe class DropoutOperation : IOperation
{
    private readonly Tensor _x, _y;
    private readonly float _rate;
    private readonly ulong _stream;
    private readonly Action<int, int> _forward, _backward;
    private StepContext _context = null!;
    private bool _adds;

    /// <param name="stream">Number of the operation in its graph.</param>
    public DropoutOperation(string name, Tensor x, float rate, int stream)
    {
        if (!(rate is >= 0 and < 1)) throw new ArgumentException($"A dropout of {rate}; expected from 0 to less than 1.", nameof(rate));
        (_x, _rate, _stream) = (x, rate, (ulong)stream);
        _y = Graph.New(name, x.Rows, x.Columns);
        Inputs = [x];
        Outputs = [_y];
        (_forward, _backward) = (Forward, Backward);
    }

    public string Name => "dropout";

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
        context.Workers.Run(new RowPieces(_y.Rows).Count, _backward);
    }

    private void Forward(int piece, int thread) => Masked(_x.Value, _y.Value, piece, thread, adds: false);

    private void Backward(int piece, int thread) => Masked(_y.Gradient, _x.Gradient, piece, thread, _adds);

    private void Masked(float* source, float* target, int piece, int thread, bool adds)
    {
        RowPieces pieces = new(_y.Rows);
        float* factors = _context.Scratch(thread, _y.Columns);
        for (int row = pieces.First(piece); row < pieces.End(piece); row++)
        {
            nint at = (nint)row * _y.Columns;
            for (int i = 0; i < _y.Columns; i++) factors[i] = !_context.Training ? 1 : Draw((ulong)(at + i)) < _rate ? 0 : 1 / (1 - _rate);
            _context.Kernels.Multiply(source + at, factors, target + at, _y.Columns, adds);
        }
    }

    // 24 bits of a counter's hash.
    private float Draw(ulong element)
    {
        ulong z = Mixed(Mixed(_context.Seed + (_stream << 40) + (ulong)_context.MicroBatch) + (ulong)_context.Step) + element;
        return (Mixed(z) >> 40) * (1f / (1 << 24));
    }

    private static ulong Mixed(ulong z) => SplitMix64.Mix(z + SplitMix64.Step);
}
