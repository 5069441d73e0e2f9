namespace EdgeBench.Models.ChatTemplates;

internal enum Jump
{
    None,
    Break,
    Continue,
}

internal abstract record Statement
{
    public abstract Jump Execute(TemplateRun run);
}

internal sealed record DataStatement(string Text) : Statement
{
    public override Jump Execute(TemplateRun run)
    {
        run.Write(Text);
        return Jump.None;
    }
}

internal sealed record OutputStatement(Expression Value) : Statement
{
    public override Jump Execute(TemplateRun run)
    {
        run.Write(Values.Text(Value.Evaluate(run), run.Budget));
        return Jump.None;
    }
}

internal sealed record DiscardStatement(Expression Value) : Statement
{
    public override Jump Execute(TemplateRun run)
    {
        Value.Evaluate(run);
        return Jump.None;
    }
}

internal sealed record JumpStatement(Jump Jump) : Statement
{
    public override Jump Execute(TemplateRun run) => Jump;
}

internal sealed record BodyStatement(IReadOnlyList<Statement> Body) : Statement
{
    public override Jump Execute(TemplateRun run) => run.Execute(Body);
}

internal sealed record IfStatement(IReadOnlyList<(Expression Test, IReadOnlyList<Statement> Body)> Branches, IReadOnlyList<Statement> Otherwise) : Statement
{
    public override Jump Execute(TemplateRun run)
    {
        foreach ((Expression test, IReadOnlyList<Statement> body) in Branches)
        {
            if (Values.IsTrue(test.Evaluate(run))) return run.Execute(body);
        }
        return run.Execute(Otherwise);
    }
}

internal sealed record SetStatement(IReadOnlyList<string> Targets, string? Attribute, Expression Value) : Statement
{
    public override Jump Execute(TemplateRun run)
    {
        object? value = Value.Evaluate(run);
        if (Attribute is null) Assign(run.Scope, Targets, value);
        else SetAttribute(run, Targets[0], Attribute, value);
        return Jump.None;
    }

    /// <summary>One name takes the value, several take its items.</summary>
    public static void Assign(Scope scope, IReadOnlyList<string> targets, object? value)
    {
        if (targets.Count == 1)
        {
            scope[targets[0]] = value;
            return;
        }
        IReadOnlyList<object?> items = Values.Items(value);
        if (items.Count != targets.Count) throw TemplateErrors.Refused($"{items.Count} items for {targets.Count} names", "as many items as names");
        for (int i = 0; i < items.Count; i++) scope[targets[i]] = items[i];
    }

    public static void SetAttribute(TemplateRun run, string name, string attribute, object? value)
    {
        if (!run.Scope.TryGet(name, out object? target) || target is not TemplateMap { IsNamespace: true } map)
            throw TemplateErrors.Refused($"'{name}.{attribute}' is set, and '{name}' is no namespace", "a name that namespace() made");
        map[attribute] = value;
    }
}

internal sealed record CaptureStatement(string Target, string? Attribute, IReadOnlyList<Statement> Body, IReadOnlyList<Func<Expression, Expression>> Filters) : Statement
{
    public override Jump Execute(TemplateRun run)
    {
        object? value = FilterStatement.Filtered(run, run.Capture(Body, new Scope(run.Scope)), Filters);
        if (Attribute is null) run.Scope[Target] = value;
        else SetStatement.SetAttribute(run, Target, Attribute, value);
        return Jump.None;
    }
}

internal sealed record FilterStatement(IReadOnlyList<Statement> Body, IReadOnlyList<Func<Expression, Expression>> Filters) : Statement
{
    public override Jump Execute(TemplateRun run)
    {
        run.Write(Values.Text(Filtered(run, run.Capture(Body, new Scope(run.Scope)), Filters), run.Budget));
        return Jump.None;
    }

    public static object? Filtered(TemplateRun run, string text, IReadOnlyList<Func<Expression, Expression>> filters) =>
        filters.Aggregate((Expression)new LiteralExpression(text), (value, filter) => filter(value)).Evaluate(run);
}

internal sealed record MacroStatement(string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body) : Statement
{
    public override Jump Execute(TemplateRun run)
    {
        run.Scope[Name] = Function(run.Scope, Name, Parameters, Body);
        return Jump.None;
    }

    /// <summary>A function that prints a body with its arguments as variables.</summary>
    public static Callable Function(Scope defined, string macro, IReadOnlyList<(string Name, Expression? Default)> parameters, IReadOnlyList<Statement> body) => (run, positions, names) =>
    {
        Scope scope = new(defined);
        if (positions.Count > parameters.Count) throw TemplateErrors.Refused($"{positions.Count} arguments for '{macro}'", $"at most {parameters.Count}");
        for (int i = 0; i < parameters.Count; i++)
        {
            (string name, Expression? otherwise) = parameters[i];
            scope[name] = i < positions.Count ? positions[i] : names.TryGetValue(name, out object? given) ? given : otherwise?.Evaluate(run) ?? (otherwise is null ? new Undefined(name) : null);
        }
        foreach (string name in names.Keys.Where(name => name != "caller" && parameters.All(parameter => parameter.Name != name)))
            throw TemplateErrors.Refused($"argument '{name}' for '{macro}'", $"one of {string.Join(", ", parameters.Select(parameter => parameter.Name))}");
        if (names.TryGetValue("caller", out object? caller)) scope["caller"] = caller;
        run.Budget.Enter();
        string text = run.Capture(body, scope);
        run.Budget.Leave();
        return text;
    };
}

internal sealed record CallStatement(CallExpression Call, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body) : Statement
{
    public override Jump Execute(TemplateRun run)
    {
        Callable caller = MacroStatement.Function(run.Scope, "caller", Parameters, Body);
        run.Write(Values.Text(Call.Evaluate(run, ("caller", caller)), run.Budget));
        return Jump.None;
    }
}
