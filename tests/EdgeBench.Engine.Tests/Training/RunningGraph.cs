using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Tests.Training;

/// <summary>A graph with memory, run with gradients.</summary>
internal sealed unsafe class RunningGraph : IDisposable
{
    private readonly Graph _graph;
    private readonly Tape _tape;
    private readonly NativeBlock _memory;
    private readonly StepContext _context;

    public RunningGraph(Graph graph, Batch batch, int threads = 2, bool recompute = false)
    {
        (_graph, _tape) = (graph, new(graph, recompute));
        _memory = new(_tape.Bytes);
        new Span<byte>(_memory.Data, (int)_memory.Bytes).Fill(0xFF);
        _tape.Place((nint)_memory.Data);
        _context = new(threads, 7) { Training = true, Batch = batch };
    }

    /// <summary>The sum of losses; gradients are in the parameters.</summary>
    public double Run()
    {
        foreach (Parameter parameter in _graph.Operations.SelectMany(operation => operation.Inputs).OfType<Parameter>()) parameter.ForgetGradient();
        _tape.Run(_context);
        return _context.LossSum;
    }

    public void Dispose()
    {
        _context.Dispose();
        _memory.Dispose();
    }
}
