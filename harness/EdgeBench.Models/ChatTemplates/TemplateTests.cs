namespace EdgeBench.Models.ChatTemplates;

/// <summary>What may follow <c>is</c>.</summary>
internal static class TemplateTests
{
    public delegate bool Function(object? value, FilterCall call);

    private static readonly Dictionary<string, Function> s_all = new()
    {
        ["defined"] = (value, _) => value is not Undefined,
        ["undefined"] = (value, _) => value is Undefined,
        ["none"] = (value, _) => value is null,
        ["string"] = (value, _) => value is string,
        ["number"] = (value, _) => Values.Number(value) is not null,
        ["integer"] = (value, _) => value is long,
        ["float"] = (value, _) => value is double,
        ["boolean"] = (value, _) => value is bool,
        ["true"] = (value, _) => value is true,
        ["false"] = (value, _) => value is false,
        ["mapping"] = (value, _) => value is TemplateMap { IsNamespace: false },
        ["iterable"] = (value, _) => value is string or List<object?> or TemplateMap { IsNamespace: false } or Undefined,
        ["sequence"] = (value, _) => value is string or List<object?> or TemplateMap { IsNamespace: false } or Undefined,
        ["callable"] = (value, _) => value is Callable,
        ["odd"] = (value, call) => Whole(value, call) % 2 != 0,
        ["even"] = (value, call) => Whole(value, call) % 2 == 0,
        ["divisibleby"] = (value, call) => Whole(call.Argument(0), call) is not 0 and long by ? by == -1 || Whole(value, call) % by == 0 : throw call.Refused("a division by zero", "another divisor"),
        ["eq"] = (value, call) => Values.AreEqual(value, call.Argument(0), call.Run.Budget),
        ["ne"] = (value, call) => !Values.AreEqual(value, call.Argument(0), call.Run.Budget),
        ["lt"] = (value, call) => Values.Compare(value, call.Argument(0), call.Run.Budget) < 0,
        ["le"] = (value, call) => Values.Compare(value, call.Argument(0), call.Run.Budget) <= 0,
        ["gt"] = (value, call) => Values.Compare(value, call.Argument(0), call.Run.Budget) > 0,
        ["ge"] = (value, call) => Values.Compare(value, call.Argument(0), call.Run.Budget) >= 0,
        ["in"] = (value, call) => new CompareExpression(new LiteralExpression(null), [], call.Line).Contains(call.Argument(0), value, call.Run),
        ["sameas"] = (value, call) => ReferenceEquals(value, call.Argument(0)) || (value is null or bool or long or string && Values.Kind(value) == Values.Kind(call.Argument(0)) && Values.AreEqual(value, call.Argument(0), call.Run.Budget)),
        ["lower"] = (value, call) => Values.Text(value, call.Run.Budget) is var text && text.Any(char.IsLower) && !text.Any(char.IsUpper),
        ["upper"] = (value, call) => Values.Text(value, call.Run.Budget) is var text && text.Any(char.IsUpper) && !text.Any(char.IsLower),
        ["filter"] = (value, _) => value is string name && Filters.Find(name) is not null,
        ["test"] = (value, _) => value is string name && Find(name) is not null,
    };

    private static readonly Dictionary<string, string> s_aliases = new()
    {
        ["equalto"] = "eq",
        ["=="] = "eq",
        ["!="] = "ne",
        ["lessthan"] = "lt",
        ["<"] = "lt",
        ["<="] = "le",
        ["greaterthan"] = "gt",
        [">"] = "gt",
        [">="] = "ge",
    };

    public static IEnumerable<string> Names => s_all.Keys.Order(StringComparer.Ordinal);

    public static Function? Find(string name) => s_all.GetValueOrDefault(s_aliases.GetValueOrDefault(name, name));

    private static long Whole(object? value, FilterCall call) => Values.Integer(value) ?? throw call.Refused($"{Values.Kind(value)} in a test of whole numbers", "a whole number");
}
