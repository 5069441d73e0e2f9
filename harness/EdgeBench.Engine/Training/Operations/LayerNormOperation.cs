using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>(x - mean) / sqrt(variance + eps) · gain + bias of each row, variance over all elements. Source: J. Ba et al., "Layer Normalization", 2016.</summary>
public sealed unsafe class LayerNormOperation : IOperation
{
    private readonly Tensor _x, _gain, _bias, _y, _scales;
    private readonly float _epsilon;
    private readonly PartialSums? _gains, _biases;
    private readonly Action<int, int> _forward, _backward;
    private StepContext _context = null!;
    private bool _adds;

    public LayerNormOperation(string name, Tensor x, Tensor gain, Tensor bias, double epsilon)
    {
        (_x, _gain, _bias, _epsilon) = (x, gain, bias, (float)epsilon);
        _y = Graph.New(name, x.Rows, x.Columns);
        _scales = Graph.New($"{name}.scales", x.Rows, 2);
        Inputs = [x, gain, bias];
        Outputs = [_y, _scales];
        Kept = [x, gain, _scales];
        if (gain.NeedsGradient) _gains = new($"{name}.gain", x.Rows, x.Columns);
        if (bias.NeedsGradient) _biases = new($"{name}.bias", x.Rows, x.Columns);
        (_forward, _backward) = (Forward, Backward);
    }

    public string Name => "layer norm";

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept { get; }

    public IReadOnlyList<Tensor> Workspace => [.. new[] { _gains, _biases }.OfType<PartialSums>().Select(sums => sums.Memory)];

    public void Forward(StepContext context)
    {
        _context = context;
        context.Workers.Run(new RowPieces(_y.Rows).Count, _forward);
    }

    public void Backward(StepContext context)
    {
        _context = context;
        _adds = _x.NeedsGradient && _x.StartsGradient();
        context.Workers.Run(new RowPieces(_y.Rows).Count, _backward);
        _gains?.Into(context, _gain);
        _biases?.Into(context, _bias);
    }

    private void Forward(int piece, int thread)
    {
        RowPieces pieces = new(_y.Rows);
        for (int row = pieces.First(piece); row < pieces.End(piece); row++)
        {
            nint at = (nint)row * _x.Columns;
            _scales.Value[2 * row] = _context.Kernels.LayerForward(_x.Value + at, _gain.Value, _bias.Value, _x.Columns, _epsilon, _y.Value + at, out float mean);
            _scales.Value[(2 * row) + 1] = mean;
        }
    }

    private void Backward(int piece, int thread)
    {
        RowPieces pieces = new(_y.Rows);
        float* gains = _gains is null ? null : _gains.Of(piece), biases = _biases is null ? null : _biases.Of(piece);
        // Where nothing before it is trained, rows are written over y's gradient, which nobody reads any more.
        float* into = _x.NeedsGradient ? _x.Gradient : _y.Gradient;
        for (int row = pieces.First(piece); row < pieces.End(piece); row++)
        {
            nint at = (nint)row * _x.Columns;
            _context.Kernels.LayerBackward(_x.Value + at, _gain.Value, _scales.Value[(2 * row) + 1], _scales.Value[2 * row], _y.Gradient + at, _x.Columns, into + at, _adds, gains, biases);
        }
    }
}
