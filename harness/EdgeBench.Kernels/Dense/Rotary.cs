namespace EdgeBench.Kernels.Dense;

/// <summary>
/// Rotary position embedding: pair j of a head turns by the angle position / scale · base^(-2j/dims) / factor(j). Angles are computed in float64. Source:
/// J. Su et al., "RoFormer", 2021; factors as Llama 3 and Phi-3 use them.
/// </summary>
public sealed class Rotary
{
    private readonly bool _interleaved;
    private readonly int _pairs;
    private readonly double[] _frequencies;
    private readonly float _magnitude;
    private float[] _cosines = [], _sines = [];

    /// <param name="interleaved">Pairs are elements (2j, 2j + 1), else (j, j + dims/2).</param>
    /// <param name="dimensions">Elements of a head that turn, from its start on; even.</param>
    /// <param name="scale">Positions are divided by it.</param>
    /// <param name="factors">One for each pair by which its angle is divided, or empty.</param>
    /// <param name="magnitude">Turned elements are multiplied by it.</param>
    public Rotary(bool interleaved, int dimensions, double theta, double scale = 1, ReadOnlySpan<float> factors = default, double magnitude = 1)
    {
        if (dimensions < 0 || dimensions % 2 != 0) throw new ArgumentException($"{dimensions} elements; expected an even number.", nameof(dimensions));
        if (factors.Length != 0 && factors.Length != dimensions / 2) throw new ArgumentException($"{factors.Length} factors; expected {dimensions / 2}.", nameof(factors));
        (_interleaved, _pairs, _magnitude) = (interleaved, dimensions / 2, (float)magnitude);
        _frequencies = new double[_pairs];
        for (int j = 0; j < _pairs; j++)
            _frequencies[j] = Math.Pow(theta, -2.0 * j / dimensions) / scale / (factors.Length == 0 ? 1 : factors[j]);
    }

    /// <summary>Prepares the angles of positions 0 to <paramref name="positions"/> - 1. Not thread-safe.</summary>
    public void Reserve(int positions)
    {
        int ready = _pairs == 0 ? positions : _cosines.Length / _pairs;
        if (positions <= ready) return;
        (float[] cosines, float[] sines) = (new float[positions * _pairs], new float[positions * _pairs]);
        _cosines.CopyTo(cosines, 0);
        _sines.CopyTo(sines, 0);
        for (int position = ready; position < positions; position++)
            Angles(position, cosines.AsSpan(position * _pairs, _pairs), sines.AsSpan(position * _pairs, _pairs));
        (_cosines, _sines) = (cosines, sines);
    }

    /// <summary>Pairs of a head that turn.</summary>
    public int Pairs => _pairs;

    /// <summary>Cosines and sines of one position, times the magnitude; each has <see cref="Pairs"/> elements. Thread-safe.</summary>
    public void Angles(int position, Span<float> cosines, Span<float> sines)
    {
        for (int j = 0; j < _pairs; j++)
        {
            (double sine, double cosine) = Math.SinCos(position * _frequencies[j]);
            cosines[j] = (float)cosine * _magnitude;
            sines[j] = (float)sine * _magnitude;
        }
    }

    /// <summary>Turns every head of a row, in place; the position is reserved. Thread-safe.</summary>
    /// <param name="row">Heads of <paramref name="headDim"/> elements each.</param>
    public void Turn(Span<float> row, int headDim, int position)
    {
        ReadOnlySpan<float> cosines = _cosines.AsSpan(position * _pairs, _pairs), sines = _sines.AsSpan(position * _pairs, _pairs);
        for (int head = 0; head < row.Length; head += headDim)
        {
            Span<float> values = row.Slice(head, headDim);
            if (_interleaved) TurnInterleaved(values, cosines, sines);
            else TurnHalves(values[..(2 * _pairs)], cosines, sines);
        }
    }

    private static void TurnInterleaved(Span<float> values, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines)
    {
        for (int j = 0; j < cosines.Length; j++)
        {
            (float u, float w) = (values[2 * j], values[(2 * j) + 1]);
            values[2 * j] = (u * cosines[j]) - (w * sines[j]);
            values[(2 * j) + 1] = (w * cosines[j]) + (u * sines[j]);
        }
    }

    private static void TurnHalves(Span<float> values, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines)
    {
        Span<float> first = values[..cosines.Length], second = values[cosines.Length..];
        for (int j = 0; j < cosines.Length; j++)
        {
            (float u, float w) = (first[j], second[j]);
            first[j] = (u * cosines[j]) - (w * sines[j]);
            second[j] = (w * cosines[j]) + (u * sines[j]);
        }
    }
}
