namespace EdgeBench.Engine.Training.Graphs;

/// <summary>Collects the operations of one shape of batch, in the order in which they run.</summary>
public sealed class Graph
{
    private readonly List<IOperation> _operations = [];
    private readonly List<(int First, int End)> _segments = [];
    private int _segmentStart = -1;

    internal IReadOnlyList<IOperation> Operations => _operations;

    internal IReadOnlyList<(int First, int End)> Segments => _segments;

    /// <summary>The first so many operations run in training only.</summary>
    internal int TrainingOnly { get; private set; }

    /// <summary>A tensor that an operation writes.</summary>
    public static Tensor New(string name, int rows, int columns) => new(name, rows, columns);

    /// <summary>Appends an operation and returns its first output. All outputs need a gradient if one of the inputs does.</summary>
    public Tensor Add(IOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        bool needs = operation.Inputs.Any(input => input.NeedsGradient);
        foreach (Tensor output in operation.Outputs) output.NeedsGradient = needs;
        _operations.Add(operation);
        return operation.Outputs[0];
    }

    /// <summary>Starts a layer: its activations may be dropped and computed again in the backward pass.</summary>
    public void BeginSegment() => _segmentStart = _operations.Count;

    /// <summary>Ends what an evaluation leaves out, from the start on: the teacher of a distillation.</summary>
    public void EndTeacher() => TrainingOnly = _operations.Count;

    /// <summary>Ends the layer.</summary>
    public void EndSegment() => _segments.Add((_segmentStart, _operations.Count));
}
