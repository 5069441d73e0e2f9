namespace EdgeBench.Compression.Passes;

/// <summary>How scales of groups are chosen.</summary>
public enum PtqScales
{
    /// <summary>range for rtn, else search.</summary>
    Auto,

    /// <summary>The whole range of a group.</summary>
    Range,

    /// <summary>The least squared error, weights counted by the mean square of their inputs.</summary>
    Search,
}

/// <summary>Which column scales are searched for and folded into the tensors before.</summary>
public enum PtqFold
{
    /// <summary>all for gptq and awq, none for rtn.</summary>
    Auto,

    None,

    /// <summary>Norm gains and the rows of ffn_up: AWQ as published for grouped-query attention.</summary>
    Awq,

    /// <summary>The rows of attn_v too.</summary>
    All,
}

/// <summary>What int8 runtimes do with activations.</summary>
public enum PtqActivations
{
    /// <summary>Float: weights alone are quantised.</summary>
    None,

    /// <summary>One scale for each matrix input, from calibration.</summary>
    Static,

    /// <summary>A scale for each token, found while running.</summary>
    Dynamic,
}

/// <summary>Which minima a type with minima may have.</summary>
public enum PtqZeroPoint
{
    Free,

    /// <summary>Integer multiples of the scale, as integer zero points of other runtimes are.</summary>
    Integer,
}
