namespace EdgeBench.Training.Data;

/// <summary>One sequence to learn from.</summary>
/// <param name="Tokens">With what starts and ends a text.</param>
/// <param name="FirstTarget">Place of the first token that is to be predicted, at least 1; those before it are given.</param>
/// <param name="Group">What it is scored with: a task's or a file's name.</param>
/// <param name="Answers">Whether the tokens from <paramref name="FirstTarget"/> on are one answer, right or wrong as a whole.</param>
public sealed record Example(int[] Tokens, int FirstTarget, string Group, bool Answers)
{
    /// <summary>Tokens that a model reads: all but the last.</summary>
    public int Length => Tokens.Length - 1;
}
