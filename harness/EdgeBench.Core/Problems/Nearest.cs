namespace EdgeBench.Core.Problems;

/// <summary>"Did you mean": the closest of the allowed names by edit distance.</summary>
public static class Nearest
{
    /// <summary>The allowed name closest to <paramref name="given"/>, or null where none is close enough to be a slip of the hand.</summary>
    public static string? To(string given, IEnumerable<string> allowed)
    {
        ArgumentNullException.ThrowIfNull(given);
        string? best = null;
        int bestDistance = Math.Max(1, given.Length / 3) + 1;
        foreach (string name in allowed)
        {
            if (Math.Abs(name.Length - given.Length) >= bestDistance) continue;
            int distance = Distance(given.ToLowerInvariant(), name.ToLowerInvariant());
            if (distance >= bestDistance) continue;
            bestDistance = distance;
            best = name;
        }
        return best;
    }

    /// <summary>"Did you mean 'x'?" or null.</summary>
    public static string? Question(string given, IEnumerable<string> allowed) =>
        To(given, allowed) is { } name ? $"Did you mean '{name}'?" : null;

    // Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.
    private static int Distance(string a, string b)
    {
        int[] twoBack = new int[b.Length + 1], previous = new int[b.Length + 1], current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) previous[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], twoBack[j - 2] + 1);
            }
            (twoBack, previous, current) = (previous, current, twoBack);
        }
        return previous[b.Length];
    }
}
