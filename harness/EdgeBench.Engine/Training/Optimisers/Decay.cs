namespace EdgeBench.Engine.Training.Optimisers;

/// <summary>How the rate falls after the warm-up.</summary>
public enum Decay
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>On a straight line to the lowest rate.</summary>
    Linear,

    /// <summary>On half a cosine to the lowest rate. Source: I. Loshchilov, F. Hutter, "SGDR", 2017, section 3.</summary>
    Cosine,
}
