namespace EdgeBench.Models.ChatTemplates;

/// <summary><c>value.name</c>: a method first, then an entry.</summary>
internal sealed record AttributeExpression(Expression Value, string Name, int Line) : Expression
{
    public override object? Evaluate(TemplateRun run)
    {
        run.Budget.Step();
        object? value = Value.Evaluate(run);
        if (value is string text) run.Budget.Spend(text.Length / CompareExpression.LettersAStep);
        return Of(value, Name, Line);
    }

    public static object? Of(object? value, string name, int line)
    {
        if (value is TemplateMap map && (map.IsNamespace || Methods.Find(value, name) is null)) return map.TryGet(name, out object? entry) ? entry : new Undefined(name);
        if (value is Undefined) throw TemplateErrors.At(line, $"'.{name}' of {Values.Kind(value)}", "a variable that the template sets or the conversation has");
        return Methods.Find(value, name) ?? (object)new Undefined(name);
    }
}

/// <summary><c>value[key]</c>: an entry first, then a method.</summary>
internal sealed record ItemExpression(Expression Value, Expression Key, int Line) : Expression
{
    public override object? Evaluate(TemplateRun run)
    {
        run.Budget.Step();
        object? value = Value.Evaluate(run), key = Key.Evaluate(run);
        if (value is string text) run.Budget.SpendItems(text.Length);
        return Of(value, key, Line);
    }

    public static object? Of(object? value, object? key, int line)
    {
        switch (value)
        {
            case Undefined:
                throw TemplateErrors.At(line, $"an entry of {Values.Kind(value)}", "a variable that the template sets or the conversation has");
            case TemplateMap map when key is string or long or double or bool && map.TryGet(key, out object? entry):
                return entry;
            case List<object?> list when Values.Integer(key) is { } index:
                long at = index < 0 ? index + list.Count : index;
                return at >= 0 && at < list.Count ? list[(int)at] : new Undefined($"[{index}]");
            case string text when Values.Integer(key) is { } index:
                IReadOnlyList<object?> letters = Values.Items(text);
                long place = index < 0 ? index + letters.Count : index;
                return place >= 0 && place < letters.Count ? letters[(int)place] : new Undefined($"[{index}]");
            default:
                return key is string name && Methods.Find(value, name) is { } method ? method : new Undefined(key is string text2 ? text2 : "");
        }
    }
}

/// <summary><c>value[start:stop:step]</c> of a list or a text, by Python's rules.</summary>
internal sealed record SliceExpression(Expression Value, Expression? Start, Expression? Stop, Expression? Step, int Line) : Expression
{
    public override object? Evaluate(TemplateRun run)
    {
        run.Budget.Step();
        object? value = Value.Evaluate(run);
        if (value is string letters) run.Budget.SpendItems(letters.Length);
        if (value is not (string or List<object?>)) throw TemplateErrors.At(Line, $"a slice of {Values.Kind(value)}", "a list or a text");
        IReadOnlyList<object?> items = Values.Items(value);
        run.Budget.SpendItems(items.Count);
        long step = Bound(Step, run) ?? 1;
        if (step == 0) throw TemplateErrors.At(Line, "a slice in steps of 0", "another step");
        List<object?> chosen = [];
        long first = Place(Bound(Start, run), items.Count, step, atStart: true), end = Place(Bound(Stop, run), items.Count, step, atStart: false);
        step = Math.Clamp(step, -items.Count - 1L, items.Count + 1L);
        for (long at = first; step > 0 ? at < end : at > end; at += step) chosen.Add(items[(int)at]);
        return value is string ? string.Concat(chosen) : value is TemplateTuple ? new TemplateTuple(chosen) : chosen;
    }

    private long? Bound(Expression? expression, TemplateRun run) => expression?.Evaluate(run) switch
    {
        null => null,
        long number => number,
        object other => throw TemplateErrors.At(Line, $"{Values.Kind(other)} as a bound of a slice", "a whole number"),
    };

    private static long Place(long? bound, int count, long step, bool atStart)
    {
        if (bound is not { } given) return step > 0 ? (atStart ? 0 : count) : atStart ? count - 1 : -1;
        long at = given < 0 ? given + count : given;
        return step > 0 ? Math.Clamp(at, 0, count) : Math.Clamp(at, -1, count - 1);
    }
}
