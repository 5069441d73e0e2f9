namespace EdgeBench.Engine.Training.Graphs;

/// <summary>Grants operations to work in place where nobody needs what they replace.</summary>
internal static class Aliases
{
    public static void Grant(IReadOnlyList<IOperation> operations)
    {
        Dictionary<Tensor, int> lastReader = [], madeBy = [];
        HashSet<Tensor> kept = [];
        for (int i = 0; i < operations.Count; i++)
        {
            foreach (Tensor input in operations[i].Inputs) lastReader[input] = i;
            foreach (Tensor output in operations[i].Outputs) madeBy[output] = i;
            if (operations[i].Inputs.Any(input => input.NeedsGradient)) kept.UnionWith(operations[i].Kept);
        }
        for (int i = 0; i < operations.Count; i++)
        {
            IOperation operation = operations[i];
            Tensor output = operation.Outputs[0];
            if (operation.ReplacesValue is { } value && value is not Parameter && lastReader[value] == i && !kept.Contains(value) && value.Count == output.Count) output.ValueOwner = value;
            // In the backward pass the last reader is the first to write.
            if (operation.ReplacesGradient is { NeedsGradient: true } gradient && lastReader[gradient] == i && gradient.Count == output.Count) Join(gradient, output);
        }
    }

    // A parameter keeps its own memory; otherwise the input's gradient lies in the output's.
    private static void Join(Tensor input, Tensor output)
    {
        if (input is Parameter) output.GradientOwner = input;
        else input.GradientOwner = output;
    }
}
