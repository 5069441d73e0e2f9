using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>y [rows, out] = residual + x [rows, in] Wᵀ + bias, W [out, in]; residual and bias may be absent.</summary>
public sealed unsafe class LinearOperation : IOperation
{
    private readonly Tensor _x, _weight, _y;
    private readonly Tensor? _bias, _residual;
    private readonly PartialSums? _sums;
    private readonly Action<int, int> _seed, _biasRows, _pass;
    private StepContext _context = null!;
    private bool _adds;

    public LinearOperation(string name, Tensor x, Tensor weight, Tensor? bias = null, Tensor? residual = null)
    {
        (_x, _weight, _bias, _residual) = (x, weight, bias, residual);
        _y = Graph.New(name, x.Rows, weight.Rows);
        Inputs = [x, weight, .. bias is null ? [] : new[] { bias }, .. residual is null ? [] : new[] { residual }];
        Outputs = [_y];
        if (bias is { NeedsGradient: true }) _sums = new(name, x.Rows, weight.Rows);
        (_seed, _biasRows, _pass) = (Seed, BiasRows, Pass);
    }

    public string Name => "linear";

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept => [.. _weight.NeedsGradient ? [_x] : Array.Empty<Tensor>(), .. _x.NeedsGradient ? [_weight] : Array.Empty<Tensor>()];

    public IReadOnlyList<Tensor> Workspace => _sums is null ? [] : [_sums.Memory];

    public Tensor? ReplacesGradient => _residual;

    public void Forward(StepContext context)
    {
        _context = context;
        bool both = _residual is not null && _bias is not null;
        if (both) context.Workers.Run(new RowPieces(_y.Rows).Count, _seed);
        Products.Forward(context, _x, _weight, _y, both ? _y : _residual ?? _bias);
    }

    public void Backward(StepContext context)
    {
        _context = context;
        if (_weight.NeedsGradient) Products.Weight(context, _y.Gradient, _y.Columns, _y.Rows, _x.Value, _weight, _weight.StartsGradient());
        if (_sums is not null)
        {
            context.Workers.Run(new RowPieces(_y.Rows).Count, _biasRows);
            _sums.Into(context, _bias!);
        }
        if (_x.NeedsGradient) Products.Input(context, _y.Gradient, _y.Columns, _y.Rows, _weight, _x.Gradient, _x.StartsGradient());
        if (_residual is not { NeedsGradient: true }) return;
        _adds = _residual.StartsGradient();
        if (_residual.Gradient != _y.Gradient) context.Workers.Run(new RowPieces(_y.Rows).Count, _pass);
    }

    private void Seed(int piece, int thread)
    {
        RowPieces pieces = new(_y.Rows);
        for (int row = pieces.First(piece); row < pieces.End(piece); row++)
        {
            nint at = (nint)row * _y.Columns;
            new ReadOnlySpan<float>(_residual!.Value + at, _y.Columns).CopyTo(new Span<float>(_y.Value + at, _y.Columns));
            _context.Kernels.Add(_bias!.Value, _y.Value + at, _y.Columns);
        }
    }

    private void BiasRows(int piece, int thread)
    {
        RowPieces pieces = new(_y.Rows);
        float* sums = _sums!.Of(piece);
        for (int row = pieces.First(piece); row < pieces.End(piece); row++) _context.Kernels.Add(_y.Gradient + ((nint)row * _y.Columns), sums, _y.Columns);
    }

    private void Pass(int piece, int thread)
    {
        RowPieces pieces = new(_y.Rows);
        nint first = (nint)pieces.First(piece) * _y.Columns;
        _context.Kernels.Scale(_y.Gradient + first, 1, _residual!.Gradient + first, (pieces.End(piece) - pieces.First(piece)) * _y.Columns, _adds);
    }
}
