namespace EdgeBench.Engine.Inference.Generation;

/// <summary>Chooses tokens: the largest logit, or a seeded draw after top-k, temperature and top-p, in this order. Allocates nothing after construction.</summary>
public sealed class Sampler
{
    private readonly SamplerOptions _options;
    private readonly Random _random;
    private readonly float[] _keys;
    private readonly int[] _tokens;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> for options outside of their ranges.</summary>
    public Sampler(SamplerOptions options, int vocabulary)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        if (!(options.Temperature >= 0 && double.IsFinite(options.Temperature))) throw new ArgumentOutOfRangeException(nameof(options), options.Temperature, "A temperature is a finite number from 0 up.");
        if (!(options.TopP > 0 && options.TopP <= 1)) throw new ArgumentOutOfRangeException(nameof(options), options.TopP, "top-p is above 0 and at most 1.");
        if (options.TopK < 0) throw new ArgumentOutOfRangeException(nameof(options), options.TopK, "top-k is at least 0.");
        (_options, _random) = (options, new Random(options.Seed));
        (_keys, _tokens) = options.Temperature == 0 ? ([], []) : (new float[vocabulary], new int[vocabulary]);
    }

    /// <summary>Index of the largest logit; of equal ones the first.</summary>
    public static int Largest(ReadOnlySpan<float> logits)
    {
        int largest = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[largest]) largest = i;
        }
        return largest;
    }

    /// <summary>The next token.</summary>
    public int Next(ReadOnlySpan<float> logits)
    {
        if (_options.Temperature == 0) return Largest(logits);
        if (logits.Length != _keys.Length) throw new ArgumentException($"{logits.Length} logits; expected {_keys.Length}.", nameof(logits));
        for (int i = 0; i < logits.Length; i++) (_keys[i], _tokens[i]) = (-logits[i], i);
        // Most likely first.
        _keys.AsSpan().Sort(_tokens.AsSpan());
        int count = _options.TopK > 0 ? Math.Min(_options.TopK, logits.Length) : logits.Length;
        double sum = 0;
        for (int i = 0; i < count; i++) sum += Weight(i);
        double left = sum * _options.TopP;
        int kept = 0;
        for (double taken = 0; kept < count && taken < left; kept++) taken += Weight(kept);
        double total = 0;
        for (int i = 0; i < kept; i++) total += Weight(i);
        double drawn = _random.NextDouble() * total;
        for (int i = 0; i < kept - 1; i++)
        {
            drawn -= Weight(i);
            if (drawn < 0) return _tokens[i];
        }
        return _tokens[kept - 1];
    }

    private double Weight(int rank) => Math.Exp((_keys[0] - _keys[rank]) / _options.Temperature);
}
