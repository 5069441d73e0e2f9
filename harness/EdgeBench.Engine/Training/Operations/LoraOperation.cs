using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>
/// y = base + (alpha / rank) · (x Aᵀ) Bᵀ: a branch of low rank beside a linear layer, A [rank, in], B [out, rank]. Dropout is an operation of its own before x.
/// Source: E. Hu et al., "LoRA", 2021.
/// </summary>
public sealed unsafe class LoraOperation : IOperation
{
    private readonly Tensor _base, _x, _a, _b, _y, _low, _lowSlopes;
    private readonly float _scale;
    private readonly Action<int, int> _scaleLow, _scaleSlopes, _copy, _pass;
    private StepContext _context = null!;
    private bool _adds;

    /// <param name="linear">Result of the layer without the branch [rows, out].</param>
    public LoraOperation(string name, Tensor linear, Tensor x, Tensor a, Tensor b, float alpha)
    {
        (_base, _x, _a, _b, _scale) = (linear, x, a, b, alpha / a.Rows);
        _y = Graph.New(name, linear.Rows, linear.Columns);
        _low = Graph.New($"{name}.low", x.Rows, a.Rows);
        _lowSlopes = Graph.New($"{name}.low.slopes", x.Rows, a.Rows);
        Inputs = [linear, x, a, b];
        Outputs = [_y, _low];
        Kept = [x, _low, a, b];
        (_scaleLow, _scaleSlopes, _copy, _pass) = (ScaleLow, ScaleSlopes, Copy, Pass);
    }

    public string Name => "lora";

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept { get; }

    public IReadOnlyList<Tensor> Workspace => [_lowSlopes];

    public Tensor? ReplacesValue => _base;

    public Tensor? ReplacesGradient => _base;

    private RowPieces Pieces => new(_x.Rows);

    public void Forward(StepContext context)
    {
        _context = context;
        if (_y.Value != _base.Value) context.Workers.Run(Pieces.Count, _copy);
        Products.Forward(context, _x, _a, _low, seed: null);
        context.Workers.Run(Pieces.Count, _scaleLow);
        Products.Forward(context, _low, _b, _y, seed: _y);
    }

    public void Backward(StepContext context)
    {
        _context = context;
        if (_b.NeedsGradient) Products.Weight(context, _y.Gradient, _y.Columns, _y.Rows, _low.Value, _b, _b.StartsGradient());
        Products.Input(context, _y.Gradient, _y.Columns, _y.Rows, _b, _lowSlopes.Value, adds: false);
        context.Workers.Run(Pieces.Count, _scaleSlopes);
        if (_a.NeedsGradient) Products.Weight(context, _lowSlopes.Value, _a.Rows, _x.Rows, _x.Value, _a, _a.StartsGradient());
        if (_x.NeedsGradient) Products.Input(context, _lowSlopes.Value, _a.Rows, _x.Rows, _a, _x.Gradient, _x.StartsGradient());
        if (!_base.NeedsGradient) return;
        _adds = _base.StartsGradient();
        if (_base.Gradient != _y.Gradient) context.Workers.Run(Pieces.Count, _pass);
    }

    private void ScaleLow(int piece, int thread) => Scaled(_low.Value, piece);

    private void ScaleSlopes(int piece, int thread) => Scaled(_lowSlopes.Value, piece);

    private void Scaled(float* values, int piece)
    {
        float* first = values + ((nint)Pieces.First(piece) * _a.Rows);
        _context.Kernels.Scale(first, _scale, first, (Pieces.End(piece) - Pieces.First(piece)) * _a.Rows, adds: false);
    }

    private void Copy(int piece, int thread) => Moved(_base.Value, _y.Value, piece, adds: false);

    private void Pass(int piece, int thread) => Moved(_y.Gradient, _base.Gradient, piece, _adds);

    private void Moved(float* source, float* target, int piece, bool adds)
    {
        nint first = (nint)Pieces.First(piece) * _y.Columns;
        _context.Kernels.Scale(source + first, 1, target + first, (Pieces.End(piece) - Pieces.First(piece)) * _y.Columns, adds);
    }
}
