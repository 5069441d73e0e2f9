namespace EdgeBench.Kernels.Dense;

/// <summary>Shares independent items of work among a given number of threads; each thread takes the next item when it is free.</summary>
public static class Team
{
    /// <summary>Runs <paramref name="body"/> for 0 to <paramref name="items"/> - 1 on at most <paramref name="threads"/> threads, the caller's included.</summary>
    public static void Run(int threads, int items, Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        int workers = Math.Min(threads, items);
        if (workers <= 1)
        {
            for (int item = 0; item < items; item++) body(item);
            return;
        }
        int next = -1;
        Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, _ =>
        {
            for (int item; (item = Interlocked.Increment(ref next)) < items;) body(item);
        });
    }

    /// <summary>Cuts 0 to <paramref name="length"/> into pieces of at least <paramref name="least"/>, a few for each thread, and runs them as [start, end).</summary>
    public static void RunRanges(int threads, int length, int least, Action<int, int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        const int PiecesPerThread = 4;
        int pieces = Math.Clamp(length / Math.Max(1, least), 1, threads * PiecesPerThread);
        Run(threads, pieces, piece => body((int)((long)length * piece / pieces), (int)((long)length * (piece + 1) / pieces)));
    }
}
