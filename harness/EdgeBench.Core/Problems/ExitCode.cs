namespace EdgeBench.Core.Problems;

/// <summary>Exit codes of every EdgeBench command; the only place that gives them numbers.</summary>
public enum ExitCode
{
    /// <summary>Done; every planned cell was measured.</summary>
    Done = 0,

    /// <summary>A gate found a regression, or a claim was refuted.</summary>
    Regression = 1,

    /// <summary>Bad usage, configuration or input file; nothing was written.</summary>
    BadInput = 2,

    /// <summary>The evidence does not decide.</summary>
    Inconclusive = 3,

    /// <summary>A planned cell has no valid measurement.</summary>
    MissingCells = 4,

    /// <summary>Infrastructure failed: device lost, disk full, agent not startable.</summary>
    Infrastructure = 5,
}
