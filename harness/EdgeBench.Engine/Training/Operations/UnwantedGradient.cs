using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>Where a kernel that writes the gradients of all of its inputs puts that of one that needs none.</summary>
internal sealed unsafe class UnwantedGradient
{
    private readonly Tensor _input;
    private readonly Tensor? _place;

    public UnwantedGradient(Tensor input)
    {
        _input = input;
        if (!input.NeedsGradient) _place = Graph.New($"{input.Name}.unwanted", input.Rows, input.Columns);
    }

    /// <summary>Working memory that the operation declares.</summary>
    public IEnumerable<Tensor> Memory => _place is null ? [] : [_place];

    public float* Address => _place is null ? _input.Gradient : _place.Value;

    /// <summary>Notes that the gradient is written; refuses an input that something later in the graph reads too.</summary>
    public void Start()
    {
        if (_input.NeedsGradient && _input.StartsGradient()) throw new InvalidOperationException($"{_input.Name} is read again later in the graph; only the last reader may write its gradient.");
    }
}
