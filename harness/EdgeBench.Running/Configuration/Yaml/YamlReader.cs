using EdgeBench.Core.Problems;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EdgeBench.Running.Configuration.Yaml;

/// <summary>
/// Reads one hostile YAML document into nodes: bounded in depth and in size after aliases are written out, anchors never cyclic, keys always
/// text and unique. What it refuses but can step over is added to the problems and leaves a <see cref="YamlBroken"/>; the rest ends reading.
/// </summary>
internal sealed class YamlReader
{
    public const int MaxNodes = 100_000;

    public const int MaxDepth = 64;

    private readonly string _text;
    private readonly Func<Mark, Place> _place;
    private readonly ProblemList _problems;
    private readonly Parser _parser;
    private readonly Dictionary<string, YamlNode?> _anchors = [];
    private int _nodes;

    private YamlReader(string text, Func<Mark, Place> place, ProblemList problems)
    {
        _text = text;
        _place = place;
        _problems = problems;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The document of <paramref name="text"/>, or null where it holds nothing. Throws <see cref="EdgeBenchException"/>.</summary>
    public static YamlNode? Read(string text, string source, ProblemList problems) =>
        new YamlReader(text, mark => new Place(source, (int)mark.Line, (int)mark.Column), problems).Document();

    /// <summary>The value of an override, whose place is the override itself.</summary>
    public static YamlNode? ReadOverride(string text, string source, ProblemList problems) =>
        new YamlReader(text, _ => new Place(source, null, null), problems).Document();

    private YamlNode? Document()
    {
        Next();
        if (Next() is StreamEnd) return null;
        ParsingEvent first = Next();
        YamlNode root = Node(first, 1);
        Next();
        ParsingEvent end = Next();
        if (end is not StreamEnd) throw Fatal(end.Start, "a second document", "one document",
            "Delete the '---' between them, or use a file for each.");
        return root;
    }

    private YamlNode Node(ParsingEvent start, int depth)
    {
        Count(start.Start, 1, depth);
        if (start is AnchorAlias alias) return Aliased(alias, depth);
        // The parser lets some broken maps through, such as "? :", as events out of order.
        if (start is not NodeEvent node) throw Fatal(start.Start, "YAML syntax: a value is missing here", "valid YAML");
        string? anchor = node.Anchor.IsEmpty ? null : node.Anchor.Value;
        if (anchor is not null) _anchors[anchor] = null;
        bool tagRefused = !node.Tag.IsEmpty && !(node is Scalar && (node.Tag.IsNonSpecific || node.Tag.Value == "tag:yaml.org,2002:str"));
        YamlNode read = start switch
        {
            Scalar scalar => new YamlScalar(_place(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty),
            SequenceStart => Sequence(start, depth),
            MappingStart => Mapping(start, depth),
            _ => throw Fatal(start.Start, "an unreadable YAML structure", "a map, a list or a value"),
        };
        if (tagRefused)
        {
            _problems.Add(_place(start.Start), "", $"tag {ProblemList.Quote(node.Tag.Value)}", "no tag",
                "Delete it: what a value is follows from its key.");
            read = new YamlBroken(read.Place);
        }
        if (anchor is not null) _anchors[anchor] = read;
        return read;
    }

    private YamlList Sequence(ParsingEvent start, int depth)
    {
        List<YamlNode> items = [];
        while (Next() is not SequenceEnd && _parser.Current is { } item) items.Add(Node(item, depth + 1));
        return new YamlList(_place(start.Start), items);
    }

    private YamlMap Mapping(ParsingEvent start, int depth)
    {
        Dictionary<string, YamlPair> pairs = [];
        while (Next() is not MappingEnd && _parser.Current is { } keyEvent)
        {
            Place keyPlace = _place(keyEvent.Start);
            string? key = keyEvent is Scalar { Anchor.IsEmpty: true, Tag.IsEmpty: true } scalar ? scalar.Value : null;
            Node(keyEvent, depth + 1);
            YamlNode value = Node(Next(), depth + 1);
            if (key is null)
            {
                _problems.Add(keyPlace, "", "a key that is not plain text", "a name as the key",
                    "Write the key out, without tag, anchor, alias, list or map.");
            }
            else if (key == "<<")
            {
                _problems.Add(keyPlace, "", "merge key '<<'", "keys written out",
                    "Merge keys are not supported: use an alias for a whole value, or repeat the keys.");
            }
            else if (!pairs.TryAdd(key, new YamlPair(key, keyPlace, value)))
            {
                string first = pairs[key].KeyPlace.Line is { } line ? $" (first on line {line})" : "";
                _problems.Add(keyPlace, "", $"duplicate key {ProblemList.Quote(key)}{first}", "each key once",
                    "Delete or rename one of them.");
            }
        }
        return new YamlMap(_place(start.Start), [.. pairs.Values]);
    }

    private YamlNode Aliased(AnchorAlias alias, int depth)
    {
        Place place = _place(alias.Start);
        string name = alias.Value.Value;
        if (!_anchors.TryGetValue(name, out YamlNode? target))
        {
            _problems.AddUnknown(place, "", "alias", name, _anchors.Keys);
            return new YamlBroken(place);
        }
        if (target is null)
        {
            _problems.Add(place, "", $"alias {ProblemList.Quote(name)} inside of its own anchor", "an anchor that ends before its alias",
                "A value cannot contain itself.");
            return new YamlBroken(place);
        }
        Count(alias.Start, target.Size, depth + target.Height - 1);
        return target;
    }

    private void Count(Mark mark, int nodes, int depth)
    {
        if (depth > MaxDepth) throw Fatal(mark, "nesting is too deep here", $"at most {MaxDepth} levels");
        _nodes += nodes;
        if (_nodes > MaxNodes)
            throw Fatal(mark, "the document is too large here", $"at most {MaxNodes:N0} values with every alias written out",
                "Split it into several files.");
    }

    private ParsingEvent Next()
    {
        try
        {
            if (_parser.MoveNext()) return _parser.Current!;
        }
        catch (YamlException error)
        {
            throw Fatal(error.Start, $"YAML syntax: {SyntaxSlip.Message(error)}", "valid YAML", SyntaxSlip.Remedy(_text, error));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw Fatal(_parser.Current?.End ?? Mark.Empty, "YAML syntax: broken structure after this", "valid YAML", SyntaxSlip.Brackets);
        }
        throw Fatal(_parser.Current?.End ?? Mark.Empty, "the YAML text ends too early", "a whole document");
    }

    private EdgeBenchException Fatal(Mark mark, string offender, string expected, string? remedy = null)
    {
        _problems.Add(_place(mark), "", offender, expected, remedy);
        return _problems.ToException();
    }
}
