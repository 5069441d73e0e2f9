namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>Kinds of tokens by their number in a GGUF file (llama.cpp, <c>enum llama_token_type</c>) and in a SentencePiece model: the same.</summary>
internal static class TokenTypes
{
    public const int Normal = 1;
    public const int Unknown = 2;
    public const int Control = 3;
    public const int UserDefined = 4;
    public const int Unused = 5;
    public const int Byte = 6;

    /// <summary>
    /// Whether an added token that its file does not call special is one all the same. Source: llama.cpp, <c>conversion/base.py</c>,
    /// <c>does_token_look_special</c>.
    /// </summary>
    public static bool LooksSpecial(string token) =>
        token is "<pad>" or "<mask>" or "<2mass>" or "[@BOS@]"
        || (token.StartsWith("<|", StringComparison.Ordinal) && token.EndsWith("|>", StringComparison.Ordinal))
        || (token.StartsWith("<｜", StringComparison.Ordinal) && token.EndsWith("｜>", StringComparison.Ordinal))
        || (token.StartsWith("<unused", StringComparison.Ordinal) && token.EndsWith('>'));
}
