namespace EdgeBench.Compression.MixedPrecision;

/// <summary>
/// Spends bytes where they lower the expected divergence most: every matrix starts with its smallest type, and the step with the largest gain for each byte
/// along the matrices' lower convex hulls is taken as long as it fits. On the hulls this is the Lagrangian solution of the multiple-choice
/// knapsack (Y. Shoham, A. Gersho, "Efficient bit allocation for an arbitrary set of quantizers", 1988); what is left over buys single smaller steps.
/// </summary>
internal static class TypeChoice
{
    /// <param name="sensitivity">Divergence that an output error of 1 costs, of each matrix.</param>
    /// <param name="budget">Bytes of all matrices together.</param>
    /// <returns>Null where even the smallest types take more.</returns>
    public static IReadOnlyList<Choice>? Choose(IReadOnlyList<MatrixCandidates> matrices, Func<MatrixCandidates, double> sensitivity, long budget)
    {
        Candidate[][] hulls = [.. matrices.Select(matrix => Hull(matrix.Candidates))];
        int[] at = new int[matrices.Count];
        long left = budget - hulls.Sum(hull => hull[0].Bytes);
        if (left < 0) return null;
        PriorityQueue<int, double> steps = new();
        for (int i = 0; i < matrices.Count; i++) Offer(i);
        while (steps.TryDequeue(out int i, out _))
        {
            long more = hulls[i][at[i] + 1].Bytes - hulls[i][at[i]].Bytes;
            // A later step of the same matrix is dearer still, for less.
            if (more > left) continue;
            left -= more;
            at[i]++;
            Offer(i);
        }
        return [.. matrices.Select((matrix, i) => new Choice(matrix, hulls[i][at[i]], sensitivity(matrix) * hulls[i][at[i]].OutputError))];

        void Offer(int i)
        {
            if (at[i] + 1 >= hulls[i].Length) return;
            Candidate now = hulls[i][at[i]], next = hulls[i][at[i] + 1];
            steps.Enqueue(i, -sensitivity(matrices[i]) * (now.OutputError - next.OutputError) / (next.Bytes - now.Bytes));
        }
    }

    /// <summary>From the smallest on, each larger one lowers the error, and by less for each byte than the one before.</summary>
    public static Candidate[] Hull(IReadOnlyList<Candidate> candidates)
    {
        List<Candidate> hull = [];
        foreach (Candidate next in candidates.OrderBy(c => c.Bytes).ThenBy(c => c.OutputError))
        {
            if (hull is [.., { } last] && next.OutputError >= last.OutputError) continue;
            if (hull is [.., { } same] && same.Bytes == next.Bytes) continue;
            while (hull is [.., { } first, { } middle] && Slope(first, middle) <= Slope(middle, next)) hull.RemoveAt(hull.Count - 1);
            hull.Add(next);
        }
        return [.. hull];
    }

    private static double Slope(Candidate from, Candidate to) => (from.OutputError - to.OutputError) / (to.Bytes - from.Bytes);
}
