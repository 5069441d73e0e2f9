namespace EdgeBench.Engine.Training.Graphs;

/// <summary>A call of an operation in the course of a step.</summary>
internal readonly record struct ScheduledCall(IOperation Operation, bool IsBackward)
{
    /// <summary>Forward through all operations, and backward through those that lead to something trainable; with segments, their activations are made again in between.</summary>
    public static List<ScheduledCall> Of(Graph graph, bool recomputes)
    {
        List<ScheduledCall> calls = [.. graph.Operations.Select(operation => new ScheduledCall(operation, IsBackward: false))];
        for (int i = graph.Operations.Count - 1; i >= 0; i--)
        {
            foreach ((int first, int end) in graph.Segments.Where(segment => recomputes && segment.End == i + 1)) Again(graph, first, end, calls);
            if (graph.Operations[i].Inputs.Any(input => input.NeedsGradient)) calls.Add(new(graph.Operations[i], IsBackward: true));
        }
        return calls;
    }

    // What the segment's backward pass reads of what was made in it, and what that is made of.
    private static void Again(Graph graph, int first, int end, List<ScheduledCall> calls)
    {
        HashSet<Tensor> wanted = [];
        List<IOperation> chosen = [];
        for (int i = end - 1; i >= first; i--)
        {
            IOperation operation = graph.Operations[i];
            if (operation.Inputs.Any(input => input.NeedsGradient)) wanted.UnionWith(operation.Kept.Select(kept => kept.Storage));
            // What reads its own output is made again with it; an operation in place is part of what made its input.
            if (!operation.Outputs.Any(output => wanted.Contains(output.Storage))) continue;
            chosen.Add(operation);
            wanted.UnionWith(operation.Inputs.Select(input => input.Storage));
        }
        chosen.Reverse();
        calls.AddRange(chosen.Select(operation => new ScheduledCall(operation, IsBackward: false)));
    }
}
