using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Kernels.Training;

namespace EdgeBench.Engine.Training.Optimisers;

/// <summary>sqrt(Σ g²) over all gradients: summed in float32 within pieces of 4,096, then in float64, in order.</summary>
internal sealed unsafe class GradientNorm
{
    private const int Run = 4096;

    private readonly ParameterPieces _pieces;
    private readonly double[] _sums;
    private readonly Action<int, int> _sum;

    public GradientNorm(IReadOnlyList<Parameter> trained)
    {
        _pieces = new(trained);
        _sums = new double[_pieces.Count];
        _sum = Sum;
    }

    public double Of(Workers workers)
    {
        workers.Run(_pieces.Count, _sum);
        double total = 0;
        foreach (double sum in _sums) total += sum;
        return Math.Sqrt(total);
    }

    /// <summary>After <see cref="Of"/>: the first parameter whose gradient is not finite, or null.</summary>
    public string? FirstNonFinite()
    {
        int index = Array.FindIndex(_sums, sum => !double.IsFinite(sum));
        return index < 0 ? null : _pieces[index].Parameter.Name;
    }

    private void Sum(int piece, int thread)
    {
        (_, Parameter parameter, nint first, int length) = _pieces[piece];
        double sum = 0;
        for (int at = 0; at < length; at += Run)
        {
            float* g = parameter.Gradient + first + at;
            sum += TrainingKernels.Best.Dot(g, g, Math.Min(Run, length - at));
        }
        _sums[piece] = sum;
    }
}
