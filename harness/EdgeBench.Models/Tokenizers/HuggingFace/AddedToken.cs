namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary>An entry of <c>added_tokens</c>.</summary>
internal sealed record AddedToken(int Id, string Content, bool Special, bool SingleWord, bool LeftStrip, bool RightStrip, bool Normalized)
{
    public static AddedToken Read(JsonPart part) => new(
        part["id"].Integer() is >= 0 and int id ? id : throw part.Refused("no 'id'", "a token id"),
        part["content"].Text() is { Length: > 0 } content ? content : throw part.Refused("no 'content'", "the token's text"),
        part["special"].Flag(false), part["single_word"].Flag(false), part["lstrip"].Flag(false), part["rstrip"].Flag(false), part["normalized"].Flag(true));
}
