using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Operations;

namespace EdgeBench.Engine.Training.Models;

/// <summary>A model's parameters by name, made from tensors by Hugging Face's names, and the linear layers over them.</summary>
internal sealed class ParameterSet : IDisposable
{
    private readonly Dictionary<string, Parameter> _byName = new(StringComparer.Ordinal);
    private readonly List<Parameter> _all = [];
    private readonly Func<string, float[]?> _tensors;
    private readonly TrainingOptions _options;
    private readonly HashSet<string> _unusedTargets;

    /// <param name="tensors">A tensor's values by its name; null where there is none.</param>
    public ParameterSet(Func<string, float[]?> tensors, TrainingOptions options)
    {
        (_tensors, _options) = (tensors, options);
        _unusedTargets = [.. options.Lora?.Targets ?? []];
    }

    public IReadOnlyList<Parameter> All => _all;

    public Parameter this[string name] => _byName[name];

    public Parameter? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Loads one; bad input where it is missing or of another size.</summary>
    public void Load(string name, params int[] shape)
    {
        float[] values = _tensors(name) ?? throw EdgeBenchException.BadInput($"no tensor '{name}'", $"one of shape [{string.Join(", ", shape)}]", "Check that the checkpoint is of this architecture.");
        long count = shape.Aggregate(1L, (product, side) => product * side);
        if (values.Length != count) throw EdgeBenchException.BadInput($"tensor '{name}' has {values.Length} values", $"[{string.Join(", ", shape)}], {count} values");
        Add(new Parameter(name, shape, values, _options.Trains?.Invoke(name) ?? _options.Lora is null, _options.HalfFrozen));
    }

    /// <summary>Loads weight and bias, where <paramref name="bias"/> says so or, if it is null, the tensors do; and the branch that LoRA puts beside it.</summary>
    public void LoadLinear(string name, int outputs, int inputs, bool? bias)
    {
        Load($"{name}.weight", outputs, inputs);
        if (bias ?? _tensors($"{name}.bias") is not null) Load($"{name}.bias", outputs);
        if (_options.Lora is not { } lora || lora.Targets.FirstOrDefault(target => name.EndsWith($".{target}", StringComparison.Ordinal)) is not { } chosen) return;
        _unusedTargets.Remove(chosen);
        NormalNumbers normal = new(lora.Seed + (ulong)_all.Count);
        float deviation = (float)(1 / Math.Sqrt(inputs));
        Add(new Parameter($"{name}.lora_A.weight", [lora.Rank, inputs], _tensors($"{name}.lora_A.weight") ?? normal.Take(lora.Rank * inputs, deviation), trainable: true));
        Add(new Parameter($"{name}.lora_B.weight", [outputs, lora.Rank], _tensors($"{name}.lora_B.weight") ?? new float[outputs * lora.Rank], trainable: true));
    }

    /// <summary>Throws bad input where LoRA asked for a layer that there is not.</summary>
    public void CheckTargets()
    {
        if (_unusedTargets.Count == 0) return;
        string target = _unusedTargets.First();
        string[] known = [.. _all.Where(parameter => parameter.Shape.Count == 2 && !parameter.Name.Contains("lora_", StringComparison.Ordinal)).Select(parameter => parameter.Name.Split('.')[^2]).Distinct()];
        throw EdgeBenchException.BadInput($"LoRA target '{target}' names no linear layer", string.Join(", ", known), Nearest.Question(target, known));
    }

    /// <summary>Appends a linear layer with what its options put on it; returns its result.</summary>
    public Tensor Linear(Graph graph, string name, Tensor x, Tensor? residual = null)
    {
        Tensor weight = Weight(graph, $"{name}.weight");
        Tensor y = graph.Add(new LinearOperation(name, x, weight, Find($"{name}.bias"), residual));
        if (Find($"{name}.lora_A.weight") is not { } a) return y;
        LoraOptions lora = _options.Lora!;
        Tensor input = lora.Dropout > 0 ? graph.Add(new DropoutOperation($"{name}.dropout", x, lora.Dropout, graph.Operations.Count)) : x;
        return graph.Add(new LoraOperation($"{name}.lora", y, input, a, this[$"{name}.lora_B.weight"], lora.Alpha));
    }

    /// <summary>A weight as the forward pass uses it: rounded to its grid, if it has one.</summary>
    public Tensor Weight(Graph graph, string name) =>
        _options.Grid?.Invoke(name) is { } grid ? graph.Add(new FakeQuantiseOperation(this[name], grid)) : this[name];

    public void Dispose()
    {
        foreach (Parameter parameter in _all) parameter.Dispose();
    }

    private void Add(Parameter parameter)
    {
        _all.Add(parameter);
        _byName.Add(parameter.Name, parameter);
    }
}
