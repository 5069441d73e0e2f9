namespace EdgeBench.Engine.Training;

/// <summary>
/// An endless order of <paramref name="count"/> examples, each once an epoch, shuffled anew for each: a function of the seed, so that epoch and position are all
/// its state. Source: R. Durstenfeld, 1964, over splitmix64 (S. Vigna).
/// </summary>
public sealed class DataOrder(int count, ulong seed)
{
    private readonly int[] _order = new int[count > 0 ? count : throw new ArgumentOutOfRangeException(nameof(count), count, "There are no examples.")];
    private long _shuffled = -1;

    /// <summary>Examples taken so far: whole epochs and the place in the current one.</summary>
    public long Taken { get; set; }

    public long Epoch => Taken / count;

    /// <summary>Number of the next example.</summary>
    public int Next()
    {
        if (_shuffled != Epoch) Shuffle();
        return _order[Taken++ % count];
    }

    private void Shuffle()
    {
        _shuffled = Epoch;
        for (int i = 0; i < count; i++) _order[i] = i;
        ulong state = seed + ((ulong)_shuffled * 0xD1B54A32D192ED03);
        for (int i = count - 1; i > 0; i--)
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            // The high half of a product is below i + 1; its bias is below 2⁻³² for any number of examples.
            int j = (int)Math.BigMul(z ^ (z >> 31), (ulong)(i + 1), out _);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }
    }
}
