namespace EdgeBench.Core.Metrics;

/// <summary>Where a meter cuts the path of power: everything behind the cut is in its figures, nothing before it. Figures of different boundaries are never compared.</summary>
public enum EnergyBoundary
{
    /// <summary>At the mains plug: power supply losses and everything that is plugged in.</summary>
    Wall,

    /// <summary>At the direct-current input of the board or module.</summary>
    Board,

    /// <summary>Some supply rails inside the board: the processor package, the outputs of a power controller.</summary>
    Rail,

    /// <summary>Not measured: a stated model of the device computes it.</summary>
    Estimate,
}
