using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>
/// Gradients of what all rows share (gains, biases): each piece of rows has a sum of its own, and these are added in order, so that the result does not depend
/// on the number of threads.
/// </summary>
internal sealed unsafe class PartialSums
{
    private const int Columns = 256;

    private readonly Action<int, int> _join;
    private readonly RowPieces _pieces;
    private StepContext _context = null!;
    private Tensor _target = null!;
    private bool _adds;

    public PartialSums(string name, int rows, int width)
    {
        _pieces = new(rows);
        Memory = Graph.New($"{name}.sums", _pieces.Count, width);
        _join = Join;
    }

    /// <summary>Working memory that the operation declares.</summary>
    public Tensor Memory { get; }

    /// <summary>The sum of one piece, cleared.</summary>
    public float* Of(int piece)
    {
        float* sums = Memory.Value + ((nint)piece * Memory.Columns);
        new Span<float>(sums, Memory.Columns).Clear();
        return sums;
    }

    /// <summary>Adds all pieces to the gradient of <paramref name="target"/> [1, width].</summary>
    public void Into(StepContext context, Tensor target)
    {
        (_context, _target, _adds) = (context, target, target.StartsGradient());
        context.Workers.Run((Memory.Columns + Columns - 1) / Columns, _join);
    }

    private void Join(int item, int thread)
    {
        int first = item * Columns, count = Math.Min(Columns, Memory.Columns - first);
        float* gradient = _target.Gradient + first;
        if (!_adds) new Span<float>(gradient, count).Clear();
        for (int piece = 0; piece < _pieces.Count; piece++) _context.Kernels.Add(Memory.Value + ((nint)piece * Memory.Columns) + first, gradient, count);
    }
}
