using EdgeBench.Core.Problems;
using EdgeBench.Models.Tokenizers;

namespace EdgeBench.Compression.Calibration;

/// <summary>Token sequences of one length that statistics are gathered on; each starts at position 0 and sees only itself.</summary>
public sealed record CalibrationTokens
{
    public CalibrationTokens(IReadOnlyList<int[]> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        if (sequences.Count == 0 || sequences[0].Length == 0 || sequences.Any(sequence => sequence.Length != sequences[0].Length))
            throw new ArgumentException("Expected at least one sequence, all of one length.", nameof(sequences));
        Sequences = sequences;
    }

    public IReadOnlyList<int[]> Sequences { get; }

    public int Length => Sequences[0].Length;

    public long Count => (long)Sequences.Count * Length;

    /// <summary>
    /// Consecutive parts of a text. Where the model's file says that a text starts with BOS, each sequence's first token is BOS, as llama.cpp's
    /// <c>imatrix</c> does it. Throws <see cref="EdgeBenchException"/> (bad input) where the text is too short.
    /// </summary>
    /// <param name="path">For messages.</param>
    public static CalibrationTokens Of(string text, ITokenizer tokenizer, int sequences, int length, string path)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        int[] tokens = tokenizer.Encode(text, addSpecial: false, parseSpecial: false);
        int own = tokenizer.Bos is null ? length : length - 1;
        if (tokens.Length < (long)sequences * own)
        {
            throw EdgeBenchException.BadInput($"the calibration text has {tokens.Length} tokens", $"at least {sequences} x {own}",
                "Give a longer text, or lower calibration_sequences or calibration_length.", path);
        }
        return new CalibrationTokens(
        [
            .. Enumerable.Range(0, sequences).Select(i =>
                tokenizer.Bos is { } bos ? (int[])[bos, .. tokens.AsSpan(i * own, own)] : tokens.AsSpan(i * own, own).ToArray()),
        ]);
    }
}
