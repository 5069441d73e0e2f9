using EdgeBench.Core.Numbers;

namespace EdgeBench.Engine.Training;

/// <summary>
/// An endless order of <paramref name="count"/> examples, each once an epoch, shuffled anew for each: a function of the seed, so that epoch and position are all
/// its state. Source: R. Durstenfeld, 1964, over <see cref="SplitMix64"/>.
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
        SplitMix64 random = new(seed + ((ulong)_shuffled * 0xD1B54A32D192ED03));
        for (int i = count - 1; i > 0; i--)
        {
            int j = random.Next(i + 1);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }
    }
}
