namespace EdgeBench.Engine.Training.Operations;

/// <summary>A function of each element.</summary>
public enum UnaryKind
{
    /// <summary>z/2 · (1 + erf(z / sqrt 2)).</summary>
    Gelu,
    Tanh,

    /// <summary>z / (1 + e^-z).</summary>
    Silu,
}
