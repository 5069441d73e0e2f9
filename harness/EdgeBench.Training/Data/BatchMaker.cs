using EdgeBench.Engine.Training;

namespace EdgeBench.Training.Data;

/// <summary>Sequences side by side: targets are the next tokens, and what is given or padding has none.</summary>
public static class BatchMaker
{
    /// <summary>Lengths are rounded up to multiples of this, so that there are few shapes.</summary>
    public const int Step = 8;

    public static int Rounded(int length) => (length + Step - 1) / Step * Step;

    /// <param name="sequences">Rows; those without an example are padding.</param>
    /// <param name="length">At least that of the longest example.</param>
    public static Batch Of(IReadOnlyList<Example> examples, int sequences, int length)
    {
        ArgumentNullException.ThrowIfNull(examples);
        int[] tokens = new int[sequences * length], targets = new int[sequences * length];
        Array.Fill(targets, Batch.Ignored);
        for (int row = 0; row < examples.Count; row++)
        {
            Example example = examples[row];
            example.Tokens.AsSpan(0, example.Length).CopyTo(tokens.AsSpan(row * length));
            example.Tokens.AsSpan(example.FirstTarget).CopyTo(targets.AsSpan((row * length) + example.FirstTarget - 1));
        }
        return new(sequences, length, tokens, targets);
    }
}
