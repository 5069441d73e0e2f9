using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Kernels.Dense;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>
/// Output head and loss in one: logits = x Wᵀ + bias, loss Σ -log softmax(logits)[target] over the targets that count. Logits exist for some rows at a time
/// only and become their own gradient at once, so that those of a large vocabulary are never all in memory. With <see cref="SoftTargets"/> those of the teacher are
/// made beside them, in training. Source of the idea: P. Hsu et al., "Liger Kernel", 2024, section 3.2.
/// </summary>
public sealed unsafe class LinearCrossEntropyOperation : IOperation
{
    // Floats of logits in memory, and rows that keep the repeated packing of a large head small against its products.
    private const int MostFloats = 1 << 22, LeastRows = 128;

    private readonly Tensor _x, _weight, _logits, _losses;
    private readonly Tensor? _bias, _taught;
    private readonly SoftTargets? _teacher;
    private readonly PartialSums? _sums;
    private readonly Action<int, int> _rows, _biasRows;
    private readonly int _chunk;
    private StepContext _context = null!;
    private int _first, _count;

    public LinearCrossEntropyOperation(string name, Tensor x, Tensor weight, Tensor? bias = null, SoftTargets? teacher = null)
    {
        (_x, _weight, _bias, _teacher) = (x, weight, bias, teacher);
        int chunks = (x.Rows + Math.Max(LeastRows, MostFloats / weight.Rows) - 1) / Math.Max(LeastRows, MostFloats / weight.Rows);
        _chunk = (x.Rows + chunks - 1) / chunks;
        // Rows do not share their places in a cache.
        int stride = weight.Rows % 512 == 0 ? weight.Rows + 16 : weight.Rows;
        _logits = Graph.New($"{name}.logits", _chunk, stride);
        _losses = Graph.New(name, x.Rows, 1);
        Inputs = bias is null ? [x, weight] : [x, weight, bias];
        if (teacher is { Teacher: { } head })
        {
            Tensor[] taught = head.Bias is null ? [head.Hidden, head.Weight] : [head.Hidden, head.Weight, head.Bias];
            if (taught.Any(tensor => tensor.NeedsGradient) || head.Weight.Rows != weight.Rows || head.Hidden.Rows != x.Rows) throw new ArgumentException($"A teacher of {head.Hidden} and {head.Weight}; expected rows of {x} and {weight}, and nothing trained.", nameof(teacher));
            Inputs = [.. Inputs, .. taught];
            _taught = Graph.New($"{name}.taught", _chunk, stride);
        }
        Outputs = [_losses];
        if (bias is { NeedsGradient: true }) _sums = new(name, _chunk, weight.Rows);
        (_rows, _biasRows) = (Rows, BiasRows);
    }

    public string Name => "head and loss";

    public IReadOnlyList<Tensor> Inputs { get; }

    public IReadOnlyList<Tensor> Outputs { get; }

    public IReadOnlyList<Tensor> Kept => [];

    public IReadOnlyList<Tensor> Workspace => [_logits, .. _taught is null ? [] : new[] { _taught }, .. _sums is null ? [] : new[] { _sums.Memory }];

    public bool IsLoss => true;

    public void Forward(StepContext context)
    {
        _context = context;
        bool weightAdds = context.Training && _weight.NeedsGradient && _weight.StartsGradient(), inputAdds = context.Training && _x.NeedsGradient && _x.StartsGradient();
        for (_first = 0; _first < _x.Rows; _first += _chunk)
        {
            _count = Math.Min(_chunk, _x.Rows - _first);
            float* x = _x.Value + ((nint)_first * _x.Columns);
            Logits(new(_x, _weight, _bias), _logits);
            if (context.Training && _teacher is not null) Logits(_teacher.Teacher, _taught!);
            context.Logits?.Invoke(_first, _count, _logits.Value, _logits.Columns);
            context.Workers.Run(_count, _rows);
            if (!context.Training) continue;
            if (_weight.NeedsGradient) Products.Weight(context, _logits.Value, _logits.Columns, _count, x, _weight, weightAdds || _first > 0);
            if (_x.NeedsGradient) Products.Input(context, _logits.Value, _logits.Columns, _count, _weight, _x.Gradient + ((nint)_first * _x.Columns), inputAdds);
            if (_sums is null) continue;
            context.Workers.Run(new RowPieces(_count).Count, _biasRows);
            for (int piece = new RowPieces(_count).Count; piece < _sums.Memory.Rows; piece++) _ = _sums.Of(piece);
            _sums.Into(context, _bias!);
        }
        context.LossSum = 0;
        for (int row = 0; row < _x.Rows; row++) context.LossSum += _losses.Value[row];
    }

    /// <summary>Nothing is left to do: <see cref="Forward"/> wrote all gradients.</summary>
    public void Backward(StepContext context)
    {
    }

    // Of the chunk in work.
    private void Logits(OutputHead head, Tensor target)
    {
        float* hidden = head.Hidden.Value + ((nint)_first * head.Hidden.Columns);
        Product product = new(Operand.RowMajor(hidden, head.Hidden.Columns), head.Weight.ByRows, (nint)target.Value, target.Columns, _count, head.Weight.Rows, head.Hidden.Columns, false, 0);
        _context.Workers.Multiply(head.Bias is null ? product : product with { SeedAddress = (nint)head.Bias.Value });
    }

    private void Rows(int item, int thread)
    {
        float* logits = _logits.Value + ((nint)item * _logits.Columns);
        int target = _context.Batch.Targets[_first + item];
        if (target == Batch.Ignored)
        {
            new Span<float>(logits, _weight.Rows).Clear();
            _losses.Value[_first + item] = 0;
            return;
        }
        _losses.Value[_first + item] = !_context.Training || _teacher is null ? _context.Kernels.CrossEntropy(logits, _weight.Rows, target, _context.LossFactor)
            : _context.Kernels.Distillation(logits, _taught!.Value + ((nint)item * _taught.Columns), _weight.Rows, target, _context.LossFactor, _teacher.Alpha, _teacher.Temperature);
    }

    private void BiasRows(int piece, int thread)
    {
        RowPieces pieces = new(_count);
        float* sums = _sums!.Of(piece);
        for (int row = pieces.First(piece); row < pieces.End(piece); row++) _context.Kernels.Add(_logits.Value + ((nint)row * _logits.Columns), sums, _weight.Rows);
    }
}
