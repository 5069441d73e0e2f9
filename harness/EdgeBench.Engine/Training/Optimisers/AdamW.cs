using System.Globalization;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Kernels.Training;

namespace EdgeBench.Engine.Training.Optimisers;

/// <summary>
/// Adam with decoupled weight decay: p ← p · (1 - rate · decay); m ← b1 m + (1 - b1) g; v ← b2 v + (1 - b2) g²; p ← p - rate · (m / (1 - b1ᵗ)) / (sqrt(v / (1 - b2ᵗ)) +
/// eps). Source: I. Loshchilov, F. Hutter, "Decoupled Weight Decay Regularization", 2019.
/// </summary>
public sealed unsafe class AdamW : IOptimiser
{
    private readonly List<OptimiserState> _state = [];
    private readonly Action<int, int> _update;
    private ParameterPieces _pieces = new([]);
    private AdamWCoefficients _kept, _decayed;

    public AdamW() => _update = Update;

    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.95;

    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Of parameters that <see cref="Decays"/>.</summary>
    public double WeightDecay { get; init; } = 0.1;

    public string Description => string.Create(CultureInfo.InvariantCulture, $"adamw b1={Beta1} b2={Beta2} eps={Epsilon} decay={WeightDecay}");

    public IReadOnlyList<OptimiserState> State => _state;

    /// <summary>Matrices of layers; no embedding tables, norms, biases, scales or virtual tokens.</summary>
    public static bool Decays(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Shape.Count == 2 && parameter.Name.EndsWith(".weight", StringComparison.Ordinal) && !parameter.Name.Contains("embed", StringComparison.Ordinal);
    }

    public void Attach(IReadOnlyList<Parameter> trained)
    {
        ArgumentNullException.ThrowIfNull(trained);
        if (_state.Count > 0) throw new InvalidOperationException("The optimiser has its parameters already.");
        _pieces = new(trained);
        foreach (Parameter parameter in trained)
        {
            _state.Add(new($"adam.m.{parameter.Name}", parameter.Count));
            _state.Add(new($"adam.v.{parameter.Name}", parameter.Count));
        }
    }

    public void Step(Workers workers, long number, double rate, double factor)
    {
        ArgumentNullException.ThrowIfNull(workers);
        _kept = new(1, (float)(rate / (1 - Math.Pow(Beta1, number))), (float)Beta1, (float)Beta2, (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, number))), (float)Epsilon, (float)factor);
        _decayed = _kept with { Keep = (float)(1 - (rate * WeightDecay)) };
        workers.Run(_pieces.Count, _update);
    }

    public void Dispose()
    {
        foreach (OptimiserState state in _state) state.Dispose();
    }

    private void Update(int piece, int thread)
    {
        (int index, Parameter parameter, nint first, int length) = _pieces[piece];
        AdamWCoefficients with = Decays(parameter) ? _decayed : _kept;
        if (parameter.RateFactor != 1) with = with with { Rate = with.Rate * parameter.RateFactor, Keep = 1 - ((1 - with.Keep) * parameter.RateFactor) };
        TrainingKernels.Best.AdamW(parameter.Value + first, parameter.Gradient + first, _state[2 * index].Address + first, _state[(2 * index) + 1].Address + first, length, with);
    }
}
