using System.Globalization;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Kernels.Training;

namespace EdgeBench.Engine.Training.Optimisers;

/// <summary>Stochastic gradient descent with momentum: b ← momentum · b + g (b = g at first), p ← p - rate · b; no dampening, no Nesterov, no decay.</summary>
public sealed unsafe class Sgd : IOptimiser
{
    private readonly List<OptimiserState> _state = [];
    private readonly Action<int, int> _update;
    private ParameterPieces _pieces = new([]);
    private float _rate, _factor;

    public Sgd() => _update = Update;

    public double Momentum { get; init; } = 0.9;

    public string Description => string.Create(CultureInfo.InvariantCulture, $"sgd momentum={Momentum}");

    public IReadOnlyList<OptimiserState> State => _state;

    public void Attach(IReadOnlyList<Parameter> trained)
    {
        ArgumentNullException.ThrowIfNull(trained);
        if (_state.Count > 0) throw new InvalidOperationException("The optimiser has its parameters already.");
        _pieces = new(trained);
        foreach (Parameter parameter in trained) _state.Add(new($"sgd.b.{parameter.Name}", parameter.Count));
    }

    public void Step(Workers workers, long number, double rate, double factor)
    {
        ArgumentNullException.ThrowIfNull(workers);
        (_rate, _factor) = ((float)rate, (float)factor);
        workers.Run(_pieces.Count, _update);
    }

    public void Dispose()
    {
        foreach (OptimiserState state in _state) state.Dispose();
    }

    private void Update(int piece, int thread)
    {
        (int index, Parameter parameter, nint first, int length) = _pieces[piece];
        TrainingKernels.Best.Sgd(parameter.Value + first, parameter.Gradient + first, _state[index].Address + first, length, _rate * parameter.RateFactor, (float)Momentum, _factor);
    }
}
