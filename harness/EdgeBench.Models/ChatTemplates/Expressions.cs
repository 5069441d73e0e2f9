namespace EdgeBench.Models.ChatTemplates;

internal abstract record Expression
{
    public abstract object? Evaluate(TemplateRun run);
}

/// <summary>Arguments of a call, a filter or a test.</summary>
internal sealed record Arguments(IReadOnlyList<Expression> Positions, IReadOnlyList<(string Name, Expression Value)> Names)
{
    public static Arguments None { get; } = new([], []);

    public (List<object?> Positions, Dictionary<string, object?> Names) Evaluate(TemplateRun run)
    {
        Dictionary<string, object?> names = new(StringComparer.Ordinal);
        List<object?> positions = [.. Positions.Select(value => value.Evaluate(run))];
        foreach ((string name, Expression value) in Names) names[name] = value.Evaluate(run);
        return (positions, names);
    }
}

internal sealed record LiteralExpression(object? Value) : Expression
{
    public override object? Evaluate(TemplateRun run) => Value;
}

internal sealed record NameExpression(string Name) : Expression
{
    public override object? Evaluate(TemplateRun run)
    {
        run.Budget.Step();
        return run.Scope.TryGet(Name, out object? value) ? value : new Undefined(Name);
    }
}

internal sealed record ListExpression(IReadOnlyList<Expression> Items, bool IsTuple = false) : Expression
{
    public override object? Evaluate(TemplateRun run)
    {
        run.Budget.SpendItems(Items.Count);
        IEnumerable<object?> items = Items.Select(item => item.Evaluate(run));
        return IsTuple ? new TemplateTuple(items) : items.ToList();
    }
}

internal sealed record MapExpression(IReadOnlyList<(Expression Key, Expression Value)> Entries) : Expression
{
    public override object? Evaluate(TemplateRun run)
    {
        run.Budget.SpendItems(Entries.Count);
        TemplateMap map = new();
        foreach ((Expression key, Expression value) in Entries) map[Key(key.Evaluate(run))] = value.Evaluate(run);
        return map;
    }

    public static object Key(object? value) => value is string or long or double or bool ? value
        : throw TemplateErrors.Refused($"{Values.Kind(value)} as a key", "a text or a number");
}

internal sealed record TernaryExpression(Expression Value, Expression Test, Expression? Otherwise) : Expression
{
    public override object? Evaluate(TemplateRun run)
    {
        run.Budget.Step();
        if (Values.IsTrue(Test.Evaluate(run))) return Value.Evaluate(run);
        return Otherwise is null ? new Undefined("") : Otherwise.Evaluate(run);
    }
}

internal sealed record LogicalExpression(Expression Left, Expression Right, bool IsOr) : Expression
{
    public override object? Evaluate(TemplateRun run)
    {
        run.Budget.Step();
        object? left = Left.Evaluate(run);
        return Values.IsTrue(left) == IsOr ? left : Right.Evaluate(run);
    }
}

internal sealed record NotExpression(Expression Value) : Expression
{
    public override object? Evaluate(TemplateRun run) => !Values.IsTrue(Value.Evaluate(run));
}

internal sealed record CompareExpression(Expression First, IReadOnlyList<(string Operator, Expression Value)> Rest, int Line) : Expression
{
    /// <summary>Looking through a text is that much cheaper than making one.</summary>
    public const int LettersAStep = 8;

    public override object? Evaluate(TemplateRun run)
    {
        run.Budget.Step();
        object? left = First.Evaluate(run);
        if (left is string compared) run.Budget.Spend(compared.Length / LettersAStep);
        foreach ((string sign, Expression value) in Rest)
        {
            object? right = value.Evaluate(run);
            if (!Holds(sign, left, right, run)) return false;
            left = right;
        }
        return true;
    }

    private bool Holds(string sign, object? left, object? right, TemplateRun run) => sign switch
    {
        "==" => Values.AreEqual(left, right, run.Budget),
        "!=" => !Values.AreEqual(left, right, run.Budget),
        "in" => Contains(right, left, run),
        "not in" => !Contains(right, left, run),
        "<" => Values.Compare(left, right, run.Budget) < 0,
        "<=" => Values.Compare(left, right, run.Budget) <= 0,
        ">" => Values.Compare(left, right, run.Budget) > 0,
        _ => Values.Compare(left, right, run.Budget) >= 0,
    };

    /// <summary>Python's <c>in</c>.</summary>
    public bool Contains(object? whole, object? part, TemplateRun run)
    {
        switch (whole)
        {
            case string text when part is string inner:
                run.Budget.Spend(text.Length / LettersAStep);
                return text.Contains(inner, StringComparison.Ordinal);
            case TemplateMap map:
                return part is string or long or double or bool && map.TryGet(part, out _);
            case List<object?> list:
                run.Budget.Spend(list.Count);
                return list.Any(item => Values.AreEqual(item, part, run.Budget));
            case Undefined:
                return false;
            default:
                throw TemplateErrors.At(Line, $"{Values.Kind(part)} in {Values.Kind(whole)}", "a text in a text, or a value in a list or a mapping");
        }
    }
}

internal sealed record SignExpression(Expression Value, bool Negative, int Line) : Expression
{
    public override object? Evaluate(TemplateRun run) => Value.Evaluate(run) switch
    {
        long number => (object)(Negative ? unchecked(-number) : number),
        double number => Negative ? -number : number,
        bool flag => (flag ? 1L : 0L) * (Negative ? -1 : 1),
        var other => throw TemplateErrors.At(Line, $"a sign before {Values.Kind(other)}", "a number"),
    };
}

internal sealed record FilterExpression(Expression Value, Filters.Function Filter, Arguments Arguments, int Line) : Expression
{
    public override object? Evaluate(TemplateRun run)
    {
        run.Budget.Step();
        object? value = Value.Evaluate(run);
        (List<object?> positions, Dictionary<string, object?> names) = Arguments.Evaluate(run);
        return Filter(value, new FilterCall(run, positions, names, Line));
    }
}

internal sealed record TestExpression(Expression Value, TemplateTests.Function Test, Arguments Arguments, bool Negated, int Line) : Expression
{
    public override object? Evaluate(TemplateRun run)
    {
        run.Budget.Step();
        object? value = Value.Evaluate(run);
        return Test(value, new FilterCall(run, Arguments.Evaluate(run).Positions, new Dictionary<string, object?>(), Line)) != Negated;
    }
}

internal sealed record CallExpression(Expression Function, Arguments Arguments, int Line) : Expression
{
    public override object? Evaluate(TemplateRun run) => Evaluate(run, null);

    public object? Evaluate(TemplateRun run, (string Name, object? Value)? further)
    {
        run.Budget.Step();
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        object? function = Function.Evaluate(run);
        if (function is not Callable callable) throw TemplateErrors.At(Line, $"a call of {Values.Kind(function)}", "a macro, a method or a function");
        (List<object?> positions, Dictionary<string, object?> names) = Arguments.Evaluate(run);
        if (further is { } extra) names[extra.Name] = extra.Value;
        return callable(run, positions, names);
    }
}
