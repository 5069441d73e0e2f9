using System.Text;

namespace EdgeBench.Models.ChatTemplates;

internal enum TokenType
{
    /// <summary>Text outside of tags.</summary>
    Data,
    BlockStart,
    BlockEnd,
    OutputStart,
    OutputEnd,
    Name,
    Text,
    Integer,
    Real,
    Operator,
    End,
}

/// <param name="Line">1-based.</param>
internal readonly record struct Token(TokenType Type, string Text, int Line);

/// <summary>
/// Cuts a template into tokens, white space control done: <c>-</c> strips on its side, the newline after a block goes (trim_blocks), and so does
/// the white space of a line before one (lstrip_blocks), unless <c>+</c> says otherwise.
/// </summary>
internal sealed class TemplateLexer
{
    private const int LongestSource = 4 << 20;

    private static readonly string[] s_operators = ["**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}", ",", ":", ".", "|"];

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _at;
    private int _line = 1;

    private TemplateLexer(string source) => _source = source;

    public static List<Token> Read(string source)
    {
        if (source.Length > LongestSource) throw TemplateErrors.Refused($"a chat template of {source.Length} characters", $"at most {LongestSource}");
        string text = source.ReplaceLineEndings("\n");
        TemplateLexer lexer = new(text.EndsWith('\n') ? text[..^1] : text);
        while (lexer._at < lexer._source.Length) lexer.Data();
        lexer.Add(TokenType.End, "");
        return lexer._tokens;
    }

    private void Data()
    {
        int start = _at, tag = NextTag(_at);
        if (tag < 0)
        {
            Add(TokenType.Data, _source[start..]);
            _at = _source.Length;
            return;
        }
        char kind = _source[tag + 1], control = tag + 2 < _source.Length ? _source[tag + 2] : '\0';
        string data = _source[start..tag];
        if (control == '-') data = data.TrimEnd();
        else if (kind != '{' && control != '+') data = WithoutIndent(data, start);
        if (data.Length > 0) Add(TokenType.Data, data);
        Advance(tag + 2 + (control is '-' or '+' ? 1 : 0));
        if (kind == '#') Comment();
        else Tag(kind == '%');
    }

    private int NextTag(int from)
    {
        for (int at = _source.IndexOf('{', from); at >= 0 && at + 1 < _source.Length; at = _source.IndexOf('{', at + 1))
        {
            if (_source[at + 1] is '{' or '%' or '#') return at;
        }
        return -1;
    }

    // White space between the start of a line and a block goes.
    private string WithoutIndent(string data, int start)
    {
        int line = data.LastIndexOf('\n') + 1;
        bool startsLine = line > 0 || start == 0 || _source[start - 1] == '\n';
        return startsLine && data.AsSpan(line).Trim(" \t\v\f\r").IsEmpty ? data[..line] : data;
    }

    private void Comment()
    {
        int end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0) throw TemplateErrors.At(_line, "a comment that does not end", "'#}'");
        bool strips = end > _at && _source[end - 1] == '-';
        bool keeps = end > _at && _source[end - 1] == '+';
        Advance(end + 2);
        AfterBlock(strips, keeps);
    }

    private void Tag(bool block)
    {
        Add(block ? TokenType.BlockStart : TokenType.OutputStart, "");
        int first = _tokens.Count, depth = 0;
        while (true)
        {
            SkipSpace();
            if (_at >= _source.Length) throw TemplateErrors.At(_line, "a tag that does not end", block ? "'%}'" : "'}}'");
            string close = block ? "%}" : "}}";
            bool strips = depth == 0 && Is("-" + close), keeps = depth == 0 && block && Is("+" + close);
            if (strips || keeps || (depth == 0 && Is(close)))
            {
                Add(block ? TokenType.BlockEnd : TokenType.OutputEnd, "");
                Advance(_at + close.Length + (strips || keeps ? 1 : 0));
                if (block && _tokens.Count == first + 2 && _tokens[first] is { Type: TokenType.Name, Text: "raw" }) Raw(first, strips);
                else if (block) AfterBlock(strips, keeps);
                else if (strips) SkipSpace();
                return;
            }
            Next();
            if (_tokens[^1] is { Type: TokenType.Operator, Text: "(" or "[" or "{" }) depth++;
            else if (_tokens[^1] is { Type: TokenType.Operator, Text: ")" or "]" or "}" }) depth--;
        }
    }

    // {% raw %} … {% endraw %}: what lies between is text.
    private void Raw(int first, bool strips)
    {
        _tokens.RemoveRange(first - 1, _tokens.Count - first + 1);
        AfterBlock(strips, keeps: false);
        for (int at = _source.IndexOf("{%", _at, StringComparison.Ordinal); at >= 0; at = _source.IndexOf("{%", at + 2, StringComparison.Ordinal))
        {
            int end = _source.IndexOf("%}", at + 2, StringComparison.Ordinal);
            if (end < 0) break;
            string inner = _source[(at + 2)..end];
            if (inner.Trim('-', '+', ' ', '\n', '\t') != "endraw") continue;
            string data = _source[_at..at];
            Add(TokenType.Data, inner.StartsWith('-') ? data.TrimEnd() : inner.StartsWith('+') ? data : WithoutIndent(data, _at));
            Advance(end + 2);
            AfterBlock(inner.EndsWith('-'), inner.EndsWith('+'));
            return;
        }
        throw TemplateErrors.At(_line, "'raw' that does not end", "'{% endraw %}'");
    }

    private void AfterBlock(bool strips, bool keeps)
    {
        if (strips) SkipSpace();
        else if (!keeps && _at < _source.Length && _source[_at] == '\n') Advance(_at + 1);
    }

    private void Next()
    {
        char letter = _source[_at];
        int start = _at;
        if (char.IsLetter(letter) || letter == '_')
        {
            while (_at < _source.Length && (char.IsLetterOrDigit(_source[_at]) || _source[_at] == '_')) _at++;
            Add(TokenType.Name, _source[start.._at]);
        }
        else if (char.IsAsciiDigit(letter))
        {
            Number();
        }
        else if (letter is '\'' or '"')
        {
            Add(TokenType.Text, Quoted(letter));
        }
        else
        {
            string found = Array.Find(s_operators, Is) ?? throw TemplateErrors.At(_line, $"'{letter}'", "an expression");
            Add(TokenType.Operator, found);
            _at += found.Length;
        }
    }

    private void Number()
    {
        int start = _at;
        bool afterDot = _tokens[^1] is { Type: TokenType.Operator, Text: "." };
        Digits();
        bool real = false;
        // After a dot a number is a name: x.1.2 is (x.1).2.
        if (!afterDot && _at + 1 < _source.Length && _source[_at] == '.' && char.IsAsciiDigit(_source[_at + 1]))
        {
            real = true;
            _at++;
            Digits();
        }
        if (!afterDot && _at < _source.Length && _source[_at] is 'e' or 'E')
        {
            int exponent = _at + 1 < _source.Length && _source[_at + 1] is '+' or '-' ? _at + 2 : _at + 1;
            if (exponent < _source.Length && char.IsAsciiDigit(_source[exponent]))
            {
                real = true;
                _at = exponent;
                Digits();
            }
        }
        Add(real ? TokenType.Real : TokenType.Integer, _source[start.._at].Replace("_", "", StringComparison.Ordinal));
    }

    private void Digits()
    {
        while (_at < _source.Length && (char.IsAsciiDigit(_source[_at]) || (_source[_at] == '_' && _at + 1 < _source.Length && char.IsAsciiDigit(_source[_at + 1])))) _at++;
    }

    private string Quoted(char quote)
    {
        StringBuilder text = new();
        for (int i = _at + 1; i < _source.Length; i++)
        {
            if (_source[i] == quote)
            {
                Advance(i + 1);
                return text.ToString();
            }
            if (_source[i] != '\\' || i + 1 == _source.Length) text.Append(_source[i]);
            else i += Escape(i + 1, text);
        }
        throw TemplateErrors.At(_line, "a text that does not end", $"{quote}");
    }

    /// <returns>Characters after the backslash.</returns>
    private int Escape(int at, StringBuilder text)
    {
        char letter = _source[at];
        int digits = letter switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0 && at + digits < _source.Length
            && int.TryParse(_source.AsSpan(at + 1, digits), System.Globalization.NumberStyles.AllowHexSpecifier, null, out int value))
        {
            text.Append(Rune.IsValid(value) ? new Rune(value).ToString() : "\uFFFD");
            return digits + 1;
        }
        string? plain = letter switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'b' => "\b",
            'f' => "\f",
            'v' => "\v",
            'a' => "\a",
            '0' => "\0",
            '\\' => "\\",
            '\'' => "'",
            '"' => "\"",
            '\n' => "",
            _ => null,
        };
        text.Append(plain ?? $"\\{letter}");
        return 1;
    }

    private bool Is(string text) => string.CompareOrdinal(_source, _at, text, 0, text.Length) == 0;

    private void SkipSpace()
    {
        int end = _at;
        while (end < _source.Length && char.IsWhiteSpace(_source[end])) end++;
        Advance(end);
    }

    private void Advance(int to)
    {
        _line += _source.AsSpan(_at, to - _at).Count('\n');
        _at = to;
    }

    private void Add(TokenType type, string text)
    {
        _tokens.Add(new Token(type, text, _line));
    }
}
