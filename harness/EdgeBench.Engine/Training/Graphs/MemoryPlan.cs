namespace EdgeBench.Engine.Training.Graphs;

/// <summary>
/// Places values and gradients in one block of memory, so that those that are alive at the same time do not overlap: largest first, each at the lowest place that is
/// free during all of its life. Source: Y. Pisarchyk, J. Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020, section 4.2.
/// </summary>
internal sealed class MemoryPlan
{
    // Starts of a line, and not all on the same places of a cache.
    private const long Alignment = 256;

    private readonly Dictionary<Tensor, Life> _values = [], _gradients = [];

    private MemoryPlan(IReadOnlyList<ScheduledCall> calls)
    {
        for (int time = 0; time < calls.Count; time++) Follow(calls[time], time);
    }

    /// <summary>Bytes of the block.</summary>
    public long Bytes { get; private set; }

    public static MemoryPlan Of(IReadOnlyList<ScheduledCall> calls)
    {
        MemoryPlan plan = new(calls);
        List<Life> placed = [];
        foreach (Life life in plan._values.Values.Concat(plan._gradients.Values).OrderByDescending(life => life.Bytes))
        {
            long offset = 0;
            foreach (Life other in placed.Where(life.Meets).OrderBy(other => other.Offset))
            {
                if (offset + life.Bytes <= other.Offset) break;
                offset = Math.Max(offset, other.Offset + other.Bytes);
            }
            life.Offset = offset;
            placed.Add(life);
            plan.Bytes = Math.Max(plan.Bytes, offset + life.Bytes);
        }
        return plan;
    }

    /// <summary>Tells all tensors where they are.</summary>
    public void Apply(nint block)
    {
        foreach ((Tensor tensor, Life life) in _values) tensor.Place(block + (nint)life.Offset);
        foreach ((Tensor tensor, Life life) in _gradients) tensor.PlaceGradient(block + (nint)life.Offset);
    }

    private void Follow(ScheduledCall call, int time)
    {
        IOperation operation = call.Operation;
        foreach (Tensor tensor in operation.Workspace) Write(_values, tensor, time);
        if (!call.IsBackward)
        {
            foreach (Tensor input in operation.Inputs) Read(_values, input.Storage, time);
            foreach (Tensor output in operation.Outputs) Write(_values, output.Storage, time);
            if (operation.IsLoss) WriteGradients(operation, time);
            return;
        }
        foreach (Tensor kept in operation.Kept) Read(_values, kept.Storage, time);
        foreach (Tensor output in operation.Outputs.Where(output => output.NeedsGradient)) Read(_gradients, output.GradientStorage, time);
        WriteGradients(operation, time);
    }

    private void WriteGradients(IOperation operation, int time)
    {
        foreach (Tensor input in operation.Inputs.Where(input => input.NeedsGradient))
        {
            if (_gradients.ContainsKey(input.GradientStorage)) Read(_gradients, input.GradientStorage, time);
            else Write(_gradients, input.GradientStorage, time);
        }
    }

    private static void Read(Dictionary<Tensor, Life> lives, Tensor tensor, int time)
    {
        if (tensor is not Parameter && lives.TryGetValue(tensor, out Life? life)) life.Extend(time);
    }

    private static void Write(Dictionary<Tensor, Life> lives, Tensor tensor, int time)
    {
        if (tensor is Parameter) return;
        if (!lives.TryGetValue(tensor, out Life? life)) lives[tensor] = life = new((tensor.Count * sizeof(float) + Alignment - 1) / Alignment * Alignment);
        life.Begin(time);
    }

    /// <summary>The times during which a piece of memory holds something.</summary>
    private sealed class Life(long bytes)
    {
        private readonly List<(int First, int Last)> _spans = [];

        public long Bytes { get; } = bytes;

        public long Offset { get; set; }

        public void Begin(int time) => _spans.Add((time, time));

        public void Extend(int time) => _spans[^1] = (_spans[^1].First, time);

        public bool Meets(Life other) => _spans.Exists(span => other._spans.Exists(one => one.First <= span.Last && span.First <= one.Last));
    }
}
