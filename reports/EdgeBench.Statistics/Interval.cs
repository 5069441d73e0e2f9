namespace EdgeBench.Statistics;

/// <summary>How an interval came about, because a reader must not take one kind for another.</summary>
public enum IntervalKind
{
    /// <summary>95 % percentile bootstrap.</summary>
    Bootstrap,

    /// <summary>95 % normal interval from a standard error.</summary>
    StandardError,

    /// <summary>Lowest and highest trial; no confidence is claimed.</summary>
    Range,

    /// <summary>95 % score interval of a proportion.</summary>
    Wilson,

    /// <summary>95 % percentile bootstrap over the items of a task.</summary>
    ItemBootstrap,
}

/// <summary>Bounds around a figure, in the figure's unit.</summary>
public readonly record struct Interval(double Low, double High, IntervalKind Kind);
