using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>x / sqrt(mean(x²) + eps) · gain of each row, or of each group of <c>gain</c>'s length in a row (norms of heads). Source: B. Zhang, R. Sennrich, 2019.</summary>
public sealed unsafe class RmsNormOperation : IOperation
{
    private readonly Tensor _x, _gain, _y, _scales;
    private readonly float _epsilon;
    private readonly int _groups;
    private readonly PartialSums? _sums;
    private readonly Action<int, int> _forward, _backward;
    private StepContext _context = null!;
    private bool _adds;

    public RmsNormOperation(string name, Tensor x, Tensor gain, double epsilon)
    {
        (_x, _gain, _epsilon, _groups) = (x, gain, (float)epsilon, x.Columns / gain.Columns);
        _y = Graph.New(name, x.Rows, x.Columns);
        _scales = Graph.New($"{name}.scales", x.Rows, _groups);
        Inputs = [x, gain];
        Outputs = [_y, _scales];
        Kept = [x, gain, _scales];
        if (gain.NeedsGradient) _sums = new(name, x.Rows, gain.Columns);
        (_forward, _backward) = (Forward, Backward);
    }

    public string Name => "rms norm";

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept { get; }

    public IReadOnlyList<Tensor> Workspace => _sums is null ? [] : [_sums.Memory];

    public void Forward(StepContext context)
    {
        _context = context;
        context.Workers.Run(new RowPieces(_y.Rows).Count, _forward);
    }

    public void Backward(StepContext context)
    {
        _context = context;
        // A gain may be trained though nothing before it is: then its rows are written over y's gradient, which nobody reads any more.
        _adds = _x.NeedsGradient && _x.StartsGradient();
        context.Workers.Run(new RowPieces(_y.Rows).Count, _backward);
        _sums?.Into(context, _gain);
    }

    private void Forward(int piece, int thread)
    {
        RowPieces pieces = new(_y.Rows);
        int width = _gain.Columns, end = pieces.End(piece) * _groups;
        for (int row = pieces.First(piece) * _groups; row < end; row++)
            _scales.Value[row] = _context.Kernels.RmsForward(_x.Value + ((nint)row * width), _gain.Value, width, _epsilon, _y.Value + ((nint)row * width));
    }

    private void Backward(int piece, int thread)
    {
        RowPieces pieces = new(_y.Rows);
        int width = _gain.Columns, end = pieces.End(piece) * _groups;
        float* sums = _sums is null ? null : _sums.Of(piece), into = _x.NeedsGradient ? _x.Gradient : _y.Gradient;
        for (int row = pieces.First(piece) * _groups; row < end; row++)
        {
            nint at = (nint)row * width;
            _context.Kernels.RmsBackward(_x.Value + at, _gain.Value, _scales.Value[row], _y.Gradient + at, width, into + at, _adds, sums);
        }
    }
}
