namespace EdgeBench.Engine.Training.Operations;

/// <summary>What a table is indexed by.</summary>
public enum EmbeddingIndex
{
    Token,

    /// <summary>Position in the sequence, from 0.</summary>
    Position,

    /// <summary>Token type.</summary>
    Type,
}
