namespace EdgeBench.Running.Planning;

internal enum FilterTokenKind
{
    Word,
    Equal,
    NotEqual,
    And,
    Or,
    Not,
    Open,
    Close,
    End,
}

/// <param name="Column">1-based.</param>
internal readonly record struct FilterToken(FilterTokenKind Kind, string Text, int Column);

/// <summary>
/// Splits a filter. Inside of brackets a word runs on, so that <c>chat[threads=2,pp512]</c> is one; quotes hold anything else.
/// </summary>
internal static class FilterLexer
{
    /// <summary>The tokens with an end, or the column of a quotation mark or bracket that is never closed.</summary>
    public static (List<FilterToken> Tokens, int? Unclosed) Split(string text)
    {
        List<FilterToken> tokens = [];
        int at = 0;
        while (at < text.Length)
        {
            int column = at + 1;
            switch (text[at])
            {
                case var blank when char.IsWhiteSpace(blank):
                    at++;
                    break;
                case '(' or ')' or ',' or '=':
                    tokens.Add(new FilterToken(Symbol(text[at]), text[at].ToString(), column));
                    at++;
                    break;
                case '!' when at + 1 < text.Length && text[at + 1] == '=':
                    tokens.Add(new FilterToken(FilterTokenKind.NotEqual, "!=", column));
                    at += 2;
                    break;
                case '"' or '\'':
                    int close = text.IndexOf(text[at], at + 1);
                    if (close < 0) return (tokens, column);
                    tokens.Add(new FilterToken(FilterTokenKind.Word, text[(at + 1)..close], column));
                    at = close + 1;
                    break;
                default:
                    int end = WordEnd(text, at);
                    if (end < 0) return (tokens, column);
                    tokens.Add(Word(text[at..end], column));
                    at = end;
                    break;
            }
        }
        tokens.Add(new FilterToken(FilterTokenKind.End, "the end", text.Length + 1));
        return (tokens, null);
    }

    private static FilterTokenKind Symbol(char symbol) => symbol switch
    {
        '(' => FilterTokenKind.Open,
        ')' => FilterTokenKind.Close,
        ',' => FilterTokenKind.And,
        _ => FilterTokenKind.Equal,
    };

    private static FilterToken Word(string text, int column) => new(text switch
    {
        "and" => FilterTokenKind.And,
        "or" => FilterTokenKind.Or,
        "not" => FilterTokenKind.Not,
        _ => FilterTokenKind.Word,
    }, text, column);

    private static int WordEnd(string text, int at)
    {
        bool inside = false;
        for (; at < text.Length; at++)
        {
            char c = text[at];
            if (c == '[') inside = true;
            else if (c == ']') inside = false;
            else if (!inside && (char.IsWhiteSpace(c) || c is '(' or ')' or ',' or '=' or '"' or '\'')) return at;
            else if (!inside && c == '!' && at + 1 < text.Length && text[at + 1] == '=') return at;
        }
        return inside ? -1 : at;
    }
}
