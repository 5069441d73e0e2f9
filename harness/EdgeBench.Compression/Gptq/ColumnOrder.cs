namespace EdgeBench.Compression.Gptq;

/// <summary>In which order columns are quantised, and which of them share a scale.</summary>
public enum ColumnOrder
{
    /// <summary>As stored; the scale of a group is chosen when its first column is reached, from the weights as they are by then.</summary>
    Natural,

    /// <summary>By falling mean square of the input; groups are the stored ones, their scales chosen before the first column.</summary>
    ActivationStatic,

    /// <summary>By falling mean square of the input; groups are consecutive in that order. No block format can store this: for comparison only.</summary>
    ActivationRegrouped,
}
