namespace EdgeBench.Compression.Grids;

/// <summary>How the scale of a group is chosen.</summary>
public enum ScaleRule
{
    /// <summary>The group's whole range, as the format's own quantiser does it.</summary>
    Range,

    /// <summary>Least squared error, each weight counted by the mean square of its input.</summary>
    Search,
}

internal static class ScaleRules
{
    /// <param name="importance">Of each value, at least 0.</param>
    public static GroupScale Fit(this ScaleRule rule, LevelGrid grid, ReadOnlySpan<float> values, ReadOnlySpan<float> importance) =>
        rule == ScaleRule.Range || grid.Group == 0 ? RangeFit.Of(grid, values) : SearchFit.Of(grid, values, importance);
}
