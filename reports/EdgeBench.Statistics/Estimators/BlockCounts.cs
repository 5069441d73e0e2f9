namespace EdgeBench.Statistics.Estimators;

/// <summary>
/// How many readings of each repetition lie before every so-manieth of the sorted readings, so that a weighted quantile is found by bisection
/// instead of a walk over all readings.
/// </summary>
internal sealed class BlockCounts
{
    private const int ShortestStride = 64, MostRows = 256;

    // Where a repetition holds few readings, counting repetitions costs as much as walking readings.
    private const int ReadingsPerBlock = 16;

    private readonly int[] _before;
    private readonly int _blocks, _stride, _rows;

    private BlockCounts(SampleSet samples)
    {
        _blocks = samples.BlockSize.Length;
        _stride = Math.Max(ShortestStride, samples.Sorted.Length / MostRows);
        _rows = (samples.Sorted.Length / _stride) + 1;
        _before = new int[_rows * _blocks];
        int[] seen = new int[_blocks];
        for (int i = 0; i < samples.Sorted.Length; i++)
        {
            if (i % _stride == 0) seen.CopyTo(_before, i / _stride * _blocks);
            seen[samples.Block[i]]++;
        }
        if (samples.Sorted.Length % _stride == 0) seen.CopyTo(_before, (_rows - 1) * _blocks);
    }

    /// <summary>Null where there is nothing to gain.</summary>
    public static BlockCounts? Of(SampleSet samples) =>
        samples.Sorted.Length >= (long)ReadingsPerBlock * samples.BlockSize.Length ? new BlockCounts(samples) : null;

    /// <summary>Where a walk may start, and the weight before it: as far right as that weight is not above <paramref name="below"/>.</summary>
    public (int Start, long Seen) Skip(int[] weight, long below)
    {
        int low = 0, high = _rows;
        long seen = 0;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            long before = 0;
            for (int block = 0; block < _blocks; block++) before += (long)weight[block] * _before[(middle * _blocks) + block];
            if (before > below) high = middle;
            else (low, seen) = (middle, before);
        }
        return (low * _stride, seen);
    }
}
