namespace EdgeBench.Running.Configuration.Yaml;

/// <summary>A YAML value with its place. Immutable; aliases share the node that they name.</summary>
internal abstract class YamlNode(Place place, int size, int height)
{
    public Place Place { get; } = place;

    /// <summary>Nodes of this tree with every alias written out.</summary>
    public int Size { get; } = size;

    /// <summary>Levels of this tree, 1 for a scalar.</summary>
    public int Height { get; } = height;
}

/// <summary>Something already reported; readers pass over it in silence.</summary>
internal sealed class YamlBroken(Place place) : YamlNode(place, 1, 1);

internal sealed class YamlScalar(Place place, string text, bool plain) : YamlNode(place, 1, 1)
{
    public string Text { get; } = text;

    public ScalarKind Kind { get; } = plain ? ScalarKinds.OfPlain(text) : ScalarKind.Text;
}

internal sealed class YamlList(Place place, IReadOnlyList<YamlNode> items)
    : YamlNode(place, 1 + items.Sum(item => item.Size), 1 + items.Select(item => item.Height).DefaultIfEmpty().Max())
{
    public IReadOnlyList<YamlNode> Items { get; } = items;
}

internal sealed record YamlPair(string Key, Place KeyPlace, YamlNode Value);

internal sealed class YamlMap(Place place, IReadOnlyList<YamlPair> pairs, string? hint = null)
    : YamlNode(place, 1 + pairs.Sum(pair => 1 + pair.Value.Size), 1 + pairs.Select(pair => pair.Value.Height).DefaultIfEmpty().Max())
{
    /// <summary>In the order written; keys are unique.</summary>
    public IReadOnlyList<YamlPair> Pairs { get; } = pairs;

    /// <summary>Why this map may not be what the user meant, such as a name that a <c>--set</c> had to create.</summary>
    public string? Hint { get; } = hint;

    public YamlPair? Find(string key) => Pairs.FirstOrDefault(pair => pair.Key == key);
}
