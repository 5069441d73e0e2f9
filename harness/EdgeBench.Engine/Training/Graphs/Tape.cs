using System.Diagnostics;
using System.Numerics.Tensors;

namespace EdgeBench.Engine.Training.Graphs;

/// <summary>A graph with its schedule and places in memory: forward, then backward, without allocation.</summary>
internal sealed unsafe class Tape
{
    private readonly List<ScheduledCall> _calls;
    private readonly MemoryPlan _plan;
    private readonly Tensor[] _gradients;
    private readonly int _forward, _trainingOnly;

    public Tape(Graph graph, bool recomputes)
    {
        Aliases.Grant(graph.Operations);
        _calls = ScheduledCall.Of(graph, recomputes);
        (_forward, _trainingOnly) = (graph.Operations.Count, graph.TrainingOnly);
        _plan = MemoryPlan.Of(_calls);
        _gradients = [.. graph.Operations.SelectMany(operation => operation.Inputs).Where(input => input.NeedsGradient && input.GradientStorage is not Parameter).Distinct()];
    }

    /// <summary>Bytes of activations and their gradients.</summary>
    public long Bytes => _plan.Bytes;

    /// <summary>Time of each kind of operation, in ticks; null where nobody asks.</summary>
    public Dictionary<string, long>? Times { get; set; }

    public void Place(nint memory) => _plan.Apply(memory);

    /// <summary>Computes the batch's loss; with gradients if the context is training.</summary>
    public void Run(StepContext context)
    {
        foreach (Tensor tensor in _gradients) tensor.ForgetGradient();
        int end = context.Training ? _calls.Count : _forward;
        for (int i = context.Training ? 0 : _trainingOnly; i < end; i++)
        {
            ScheduledCall call = _calls[i];
            long start = Times is null ? 0 : Stopwatch.GetTimestamp();
            if (call.IsBackward) call.Operation.Backward(context);
            else call.Operation.Forward(context);
            if (Times is not null) Note(call, i, Stopwatch.GetTimestamp() - start);
        }
    }

    /// <summary>Runs forward once more and names the first tensor that is not finite, or null.</summary>
    public string? FirstNonFinite(StepContext context)
    {
        for (int i = 0; i < _forward; i++)
        {
            IOperation operation = _calls[i].Operation;
            foreach (Tensor input in operation.Inputs)
            {
                if (input is Parameter { IsHalf: false } parameter && !IsFinite(parameter)) return $"the weight {parameter.Name}";
            }
            operation.Forward(context);
            if (operation.IsLoss) break;
            foreach (Tensor output in operation.Outputs)
            {
                if (!IsFinite(output)) return $"{operation.Name}'s result {output.Name}";
            }
        }
        return null;
    }

    private static bool IsFinite(Tensor tensor)
    {
        for (int row = 0; row < tensor.Rows; row++)
        {
            if (!float.IsFinite(TensorPrimitives.SumOfMagnitudes(new ReadOnlySpan<float>(tensor.Value + ((nint)row * tensor.Columns), tensor.Columns)))) return false;
        }
        return true;
    }

    private void Note(in ScheduledCall call, int index, long ticks)
    {
        string name = $"{call.Operation.Name} {(call.IsBackward ? "backward" : index < _forward ? "forward" : "again")}";
        Times![name] = Times.GetValueOrDefault(name) + ticks;
    }
}
