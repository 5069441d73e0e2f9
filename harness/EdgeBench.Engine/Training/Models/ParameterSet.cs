using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Models;

/// <summary>A model's parameters by name, made from tensors by Hugging Face's names, with those that methods of training add.</summary>
internal sealed class ParameterSet : IDisposable
{
    private readonly Dictionary<string, Parameter> _byName = new(StringComparer.Ordinal);
    private readonly List<Parameter> _all = [];
    private readonly Func<string, float[]?> _tensors;
    private readonly HashSet<(string Method, string Target)> _unusedTargets;

    /// <param name="tensors">A tensor's values by its name; null where there is none.</param>
    public ParameterSet(Func<string, float[]?> tensors, TrainingOptions options)
    {
        options.Check();
        (_tensors, Options) = (tensors, options);
        _unusedTargets = [.. (options.Lora?.Targets ?? []).Select(target => ("LoRA", target)), .. (options.BitFit?.Targets ?? []).Select(target => ("BitFit", target))];
    }

    public TrainingOptions Options { get; }

    public IReadOnlyList<Parameter> All => _all;

    public Parameter this[string name] => _byName[name];

    public Parameter? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Loads one of the model's own; bad input where it is missing or of another size.</summary>
    public void Load(string name, params int[] shape) => Add(new Parameter(name, shape, Stored(name, shape) ?? throw Missing(name, shape), Options.TrainsOwn(name), Options.KeepsHalf(name)));

    /// <summary>Loads weight and bias, where <paramref name="bias"/> says so or, if it is null, the tensors do; and what methods put beside it.</summary>
    public void LoadLinear(string name, int outputs, int inputs, bool? bias)
    {
        Load($"{name}.weight", outputs, inputs);
        LoadScales($"{name}.weight");
        if (Options.BitFit is { } bitFit && (bitFit.Targets is null || Chosen("BitFit", bitFit.Targets, name)))
            LoadAdded($"{name}.bias", () => bias == true ? throw Missing($"{name}.bias", [outputs]) : new float[outputs], outputs);
        else if (bias ?? _tensors($"{name}.bias") is not null) Load($"{name}.bias", outputs);
        if (Options.Lora is not { } lora || !Chosen("LoRA", lora.Targets, name)) return;
        LoadAdded($"{name}.lora_A.weight", () => Normal(lora.Seed, lora.Rank * inputs, 1 / Math.Sqrt(inputs)), lora.Rank, inputs);
        LoadAdded($"{name}.lora_B.weight", () => new float[outputs * lora.Rank], outputs, lora.Rank);
    }

    /// <summary>Loads what scales a weight's grid has, where they are trained.</summary>
    public void LoadScales(string weight)
    {
        if (Options.LearnedScales is not { } learned || Options.Grid?.Invoke(weight) is not { } grid) return;
        Parameter values = this[weight];
        grid.Check(weight, values.Columns);
        int groups = grid.Groups(values.Columns);
        LoadAdded($"{weight}.scales", () => GridWeights.Of(grid, values, scales: null).Scales, values.Rows, groups);
        this[$"{weight}.scales"].RateFactor = learned.Rate ?? 1f / grid.Highest;
    }

    /// <summary>Loads the bottleneck after a sub-layer.</summary>
    public void LoadAdapter(string name, int width)
    {
        (int rank, ulong seed) = (Options.Adapters!.Rank, Options.Adapters.Seed);
        LoadAdded($"{name}.down.weight", () => Normal(seed, rank * width, 1 / Math.Sqrt(width)), rank, width);
        LoadAdded($"{name}.down.bias", () => new float[rank], rank);
        LoadAdded($"{name}.up.weight", () => new float[width * rank], width, rank);
        LoadAdded($"{name}.up.bias", () => new float[width], width);
    }

    /// <summary>Loads what a method adds, or starts it with <paramref name="first"/> where there is none; it is trained.</summary>
    public void LoadAdded(string name, Func<float[]> first, params int[] shape) => Add(new Parameter(name, shape, Stored(name, shape) ?? first(), !Options.Frozen));

    /// <summary>First values of the parameter that is loaded next: each has numbers of its own.</summary>
    public float[] Normal(ulong seed, int count, double deviation) => new NormalNumbers(seed + (ulong)_all.Count).Take(count, (float)deviation);

    /// <summary>A weight as the forward pass uses it, or null where it has no grid.</summary>
    public GridWeights? OnGrid(string weight) => Options.Grid?.Invoke(weight) is { } grid && Find(weight) is { } values ? GridWeights.Of(grid, values, Find($"{weight}.scales")) : null;

    /// <summary>Throws bad input where a method asked for a layer that there is not.</summary>
    public void CheckTargets()
    {
        if (_unusedTargets.Count == 0) return;
        (string method, string target) = _unusedTargets.First();
        string[] known = [.. _all.Where(parameter => parameter.Shape.Count == 2 && !parameter.Name.Contains("lora_", StringComparison.Ordinal)).Select(parameter => parameter.Name.Split('.')[^2]).Distinct()];
        throw EdgeBenchException.BadInput($"{method} target '{target}' names no linear layer", string.Join(", ", known), Nearest.Question(target, known));
    }

    public void Dispose()
    {
        foreach (Parameter parameter in _all) parameter.Dispose();
    }

    private bool Chosen(string method, IReadOnlyList<string> targets, string name)
    {
        string? chosen = targets.FirstOrDefault(target => name.EndsWith($".{target}", StringComparison.Ordinal));
        return chosen is not null && (_unusedTargets.Remove((method, chosen)) || true);
    }

    private float[]? Stored(string name, int[] shape)
    {
        float[]? values = _tensors(name);
        long count = shape.Aggregate(1L, (product, side) => product * side);
        if (values is not null && values.Length != count) throw EdgeBenchException.BadInput($"tensor '{name}' has {values.Length} values", $"[{string.Join(", ", shape)}], {count} values");
        return values;
    }

    private static EdgeBenchException Missing(string name, int[] shape) =>
        EdgeBenchException.BadInput($"no tensor '{name}'", $"one of shape [{string.Join(", ", shape)}]", "Check that the checkpoint is of this architecture.");

    private void Add(Parameter parameter)
    {
        _all.Add(parameter);
        _byName.Add(parameter.Name, parameter);
    }
}
