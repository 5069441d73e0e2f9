using EdgeBench.Suites.SingleStream;

namespace EdgeBench.Suites.Tasks.Data;

/// <summary>Which items of a file are scored.</summary>
internal static class ItemPick
{
    // Random numbers of 30 bits: a product with a number of items stays in 64.
    private const int Bits = 30;

    /// <summary>
    /// The first <paramref name="limit"/> of <paramref name="count"/> items, or with a seed as many drawn without replacement (D. E. Knuth, TAOCP 2, 3.4.2,
    /// Algorithm S), the same on every machine; in the file's order. A limit of 0 takes all.
    /// </summary>
    public static int[] Of(int count, int limit, ulong seed)
    {
        if (limit == 0 || limit >= count) return [.. Enumerable.Range(0, count)];
        if (seed == 0) return [.. Enumerable.Range(0, limit)];
        RandomTokens random = new(seed, 1 << Bits);
        List<int> picked = new(limit);
        for (int item = 0; picked.Count < limit; item++)
        {
            if (((long)random.Next() * (count - item)) >> Bits < limit - picked.Count) picked.Add(item);
        }
        return [.. picked];
    }
}
