namespace EdgeBench.Reports.Model;

/// <summary>Points that no other point beats in both coordinates (V. Pareto; skyline of S. Börzsönyi et al., ICDE 2001).</summary>
public static class ParetoFront
{
    /// <summary>Indices of the front, by ascending x. Equal points are all on the front.</summary>
    /// <param name="higherX">Whether more is better along x; likewise <paramref name="higherY"/>.</param>
    public static IReadOnlyList<int> Of(IReadOnlyList<(double X, double Y)> points, bool higherX, bool higherY)
    {
        ArgumentNullException.ThrowIfNull(points);
        double Cost(double value, bool higher) => higher ? -value : value;
        bool Beats((double X, double Y) a, (double X, double Y) b)
        {
            double ax = Cost(a.X, higherX), bx = Cost(b.X, higherX), ay = Cost(a.Y, higherY), by = Cost(b.Y, higherY);
            return ax <= bx && ay <= by && (ax < bx || ay < by);
        }
        return [.. Enumerable.Range(0, points.Count).Where(i => !points.Any(other => Beats(other, points[i]))).OrderBy(i => points[i].X)];
    }
}
