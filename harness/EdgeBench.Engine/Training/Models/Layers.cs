using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Operations;

namespace EdgeBench.Engine.Training.Models;

/// <summary>Appends linear layers to a graph, with what methods of training put on them.</summary>
internal static class Layers
{
    /// <summary>A linear layer with its branch of low rank.</summary>
    public static Tensor Linear(this ParameterSet parameters, Graph graph, string name, Tensor x, Tensor? residual = null)
    {
        Tensor weight = parameters.Weight(graph, $"{name}.weight");
        Tensor y = graph.Add(new LinearOperation(name, x, weight, parameters.Find($"{name}.bias"), residual));
        if (parameters.Find($"{name}.lora_A.weight") is not { } a) return y;
        LoraOptions lora = parameters.Options.Lora!;
        bool drops = lora.Dropout > 0 && !parameters.Options.Frozen;
        Tensor input = drops ? graph.Add(new DropoutOperation($"{name}.dropout", x, lora.Dropout, graph.Operations.Count)) : x;
        return graph.Add(new LoraOperation($"{name}.lora", y, input, a, parameters[$"{name}.lora_B.weight"], lora.Alpha));
    }

    /// <summary>The last linear layer of a sub-layer, the adapter on its result if there is one, and the residual sum.</summary>
    public static Tensor Residual(this ParameterSet parameters, Graph graph, string name, string adapter, Tensor x, Tensor residual)
    {
        if (parameters.Find($"{adapter}.down.weight") is not { } down) return parameters.Linear(graph, name, x, residual);
        Tensor s = parameters.Linear(graph, name, x);
        Tensor low = graph.Add(new LinearOperation($"{adapter}.down", s, down, parameters[$"{adapter}.down.bias"]));
        low = graph.Add(new UnaryOperation($"{adapter}.silu", UnaryKind.Silu, low));
        Tensor y = graph.Add(new LinearOperation($"{adapter}.up", low, parameters[$"{adapter}.up.weight"], parameters[$"{adapter}.up.bias"], residual: s));
        return graph.Add(new SumOperation($"{adapter}.sum", residual, y));
    }

    /// <summary>A weight as the forward pass uses it: rounded to its grid, if it has one.</summary>
    public static Tensor Weight(this ParameterSet parameters, Graph graph, string name)
    {
        Parameter weight = parameters[name];
        if (parameters.Options.Grid?.Invoke(name) is not { } grid) return weight;
        return graph.Add(parameters.Find($"{name}.scales") is { } scales ? new LearnedScaleOperation(weight, scales, grid) : new FakeQuantiseOperation(weight, grid));
    }
}
