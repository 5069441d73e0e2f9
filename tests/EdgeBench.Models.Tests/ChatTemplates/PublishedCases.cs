using System.Globalization;
using System.Text;
using EdgeBench.Models.ChatTemplates;
using EdgeBench.Models.Tests.Tokenizers;

namespace EdgeBench.Models.Tests.ChatTemplates;

/// <summary>One expectation of llama.cpp's tests of its template engine, which its authors check against Python's Jinja.</summary>
internal sealed record PublishedCase(string Name, string Template, TemplateMap Variables, string Expected);

/// <summary>Reads C++ test sources: literals, braces and <c>json::array</c> are enough for their tables.</summary>
internal sealed class PublishedCases
{
    private readonly string _source;
    private int _at;

    private PublishedCases(string source) => _source = source;

    /// <summary>Every <c>test_template(t, name, template, variables, expected)</c> of <c>tests/test-jinja.cpp</c>.</summary>
    public static IReadOnlyList<PublishedCase> Engine()
    {
        PublishedCases reader = new(File.ReadAllText(LlamaSource.File("tests/test-jinja.cpp")));
        List<PublishedCase> cases = [];
        while (reader.Find("test_template(t, \""))
        {
            reader._at--;
            // Some are commented out.
            if (reader.LineBefore().TrimStart().StartsWith("//", StringComparison.Ordinal)) continue;
            string name = reader.Text();
            reader.Expect(',');
            string template = reader.Text();
            reader.Expect(',');
            object? variables = reader.Value();
            reader.Expect(',');
            cases.Add(new PublishedCase(name, template, variables as TemplateMap ?? new TemplateMap(), reader.Text()));
        }
        return cases;
    }

    /// <summary>Every template of <c>tests/test-chat-template.cpp</c> that expects the same with and without llama.cpp's mending of conversations.</summary>
    public static IReadOnlyList<(string Name, string Template, string Expected, string Bos, string Eos)> Chats()
    {
        PublishedCases reader = new(File.ReadAllText(LlamaSource.File("tests/test-chat-template.cpp")));
        List<(string, string, string, string, string)> cases = [];
        while (reader.Find("/* .name= */ "))
        {
            string name = reader.Text();
            reader.Find("/* .template_str= */ ");
            string template = reader.Text();
            reader.Find("/* .expected_output= */");
            string plain = reader.Text();
            reader.Find("/* .expected_output_jinja= */");
            string expected = reader.Text();
            string bos = reader.Follows("/* .bos_token= */") ? reader.Text() : "", eos = reader.Follows("/* .eos_token= */") ? reader.Text() : "";
            bool supported = !reader.Follows("/* .supported_with_jinja= */ false");
            if (supported) cases.Add((name, template, expected.Length > 0 ? expected : plain, bos, eos));
        }
        return cases;
    }

    private bool Find(string marker)
    {
        int found = _source.IndexOf(marker, _at, StringComparison.Ordinal);
        if (found >= 0) _at = found + marker.Length;
        return found >= 0;
    }

    private string LineBefore() => _source[(_source.LastIndexOf('\n', _at) + 1).._at];

    private bool Follows(string marker)
    {
        int at = _at;
        while (at < _source.Length && (char.IsWhiteSpace(_source[at]) || _source[at] == ',')) at++;
        if (string.CompareOrdinal(_source, at, marker, 0, marker.Length) != 0) return false;
        _at = at + marker.Length;
        return true;
    }

    private void Expect(char letter)
    {
        Space();
        Assert.True(_source[_at] == letter, $"'{letter}' expected before {_source.Substring(_at, 60)}");
        _at++;
    }

    private void Space()
    {
        while (true)
        {
            while (char.IsWhiteSpace(_source[_at])) _at++;
            if (string.CompareOrdinal(_source, _at, "//", 0, 2) == 0) _at = _source.IndexOf('\n', _at);
            else if (string.CompareOrdinal(_source, _at, "/*", 0, 2) == 0) _at = _source.IndexOf("*/", _at, StringComparison.Ordinal) + 2;
            else return;
        }
    }

    private bool Is(string text)
    {
        Space();
        if (string.CompareOrdinal(_source, _at, text, 0, text.Length) != 0) return false;
        _at += text.Length;
        return true;
    }

    // Neighbouring literals are one; u8"…", U8C("…"), std::string("…") and raw literals occur.
    private string Text()
    {
        StringBuilder text = new();
        while (true)
        {
            if (Is("U8C(") || Is("std::string("))
            {
                text.Append(Text());
                Expect(')');
            }
            else if (Is("R\"("))
            {
                int end = _source.IndexOf(")\"", _at, StringComparison.Ordinal);
                text.Append(_source, _at, end - _at);
                _at = end + 2;
            }
            else if (Is("u8\"") || Is("\""))
            {
                Literal(text);
            }
            else
            {
                return text.ToString();
            }
        }
    }

    private void Literal(StringBuilder text)
    {
        for (; _source[_at] != '"'; _at++)
        {
            if (_source[_at] != '\\')
            {
                text.Append(_source[_at]);
                continue;
            }
            _at++;
            switch (_source[_at])
            {
                case '\n': break;
                case 'n': text.Append('\n'); break;
                case 't': text.Append('\t'); break;
                case 'r': text.Append('\r'); break;
                case 'u': text.Append((char)int.Parse(_source.AsSpan(_at + 1, 4), NumberStyles.AllowHexSpecifier, null)); _at += 4; break;
                case 'x': text.Append((char)int.Parse(_source.AsSpan(_at + 1, 2), NumberStyles.AllowHexSpecifier, null)); _at += 2; break;
                default: text.Append(_source[_at]); break;
            }
        }
        _at++;
    }

    private object? Value()
    {
        if (Is("json::array()")) return new List<object?>();
        if (Is("json::object()")) return new TemplateMap();
        if (Is("json::array({") || Is("json::array( {"))
        {
            List<object?> items = Items();
            Expect(')');
            return items;
        }
        if (Is("json::object({"))
        {
            TemplateMap map = Map(Items());
            Expect(')');
            return map;
        }
        if (Is("json("))
        {
            object? inner = Value();
            Expect(')');
            return inner;
        }
        if (Is("{"))
        {
            List<object?> items = Items();
            // A braced list of pairs that begin with a text is an object.
            return items.Count > 0 && items.All(item => item is List<object?> { Count: 2 } pair && pair[0] is string) ? Map(items) : items;
        }
        if (Is("nullptr")) return null;
        if (Is("true")) return true;
        if (Is("false")) return false;
        Space();
        if (_source[_at] is '"' or 'u' or 'R' or 's' or 'U') return Text();
        int start = _at;
        while (char.IsAsciiLetterOrDigit(_source[_at]) || _source[_at] is '.' or '-' or '+') _at++;
        string number = _source[start.._at];
        return number.Contains('.') ? (object)double.Parse(number, CultureInfo.InvariantCulture) : long.Parse(number, CultureInfo.InvariantCulture);
    }

    private List<object?> Items()
    {
        List<object?> items = [];
        while (!Is("}"))
        {
            if (items.Count > 0 && Is(",") && Is("}")) break;
            items.Add(Value());
        }
        return items;
    }

    private static TemplateMap Map(List<object?> pairs)
    {
        TemplateMap map = new();
        // nlohmann's json orders keys; its ordered_json, which the tests use, does not.
        foreach (object? pair in pairs) map[((List<object?>)pair!)[0]!] = ((List<object?>)pair)[1];
        return map;
    }
}
