namespace EdgeBench.Engine.Training.Models;

/// <summary>Sizes of a BERT classifier.</summary>
public sealed record EncoderShape
{
    public required int Vocabulary { get; init; }

    /// <summary>Elements of the residual stream.</summary>
    public required int Width { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int Ffn { get; init; }

    public required int Positions { get; init; }

    public required int Types { get; init; }

    public required int Classes { get; init; }

    public double NormEpsilon { get; init; } = 1e-12;
}
