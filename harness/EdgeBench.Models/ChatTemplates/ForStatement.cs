namespace EdgeBench.Models.ChatTemplates;

internal sealed record ForStatement(IReadOnlyList<string> Targets, Expression Items, Expression? Filter, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Otherwise) : Statement
{
    // Steps of one turn: its scope and its loop variable.
    private const int TurnCost = 8;

    public override Jump Execute(TemplateRun run)
    {
        Scope outer = run.Scope;
        IReadOnlyList<object?> items = Chosen(run);
        try
        {
            for (int i = 0; i < items.Count; i++)
            {
                run.Budget.Step(TurnCost);
                // Each turn starts anew: what it sets is gone with it.
                run.Scope = new Scope(outer);
                SetStatement.Assign(run.Scope, Targets, items[i]);
                run.Scope["loop"] = Loop(items, i);
                if (run.Execute(Body) == Jump.Break) break;
            }
        }
        finally
        {
            run.Scope = outer;
        }
        return items.Count == 0 ? run.Execute(Otherwise) : Jump.None;
    }

    private IReadOnlyList<object?> Chosen(TemplateRun run)
    {
        object? given = Items.Evaluate(run);
        if (given is string text) run.Budget.SpendItems(text.Length);
        IReadOnlyList<object?> all = Values.Items(given);
        if (Filter is null) return all;
        Scope outer = run.Scope;
        List<object?> chosen = [];
        foreach (object? item in all)
        {
            run.Budget.Step();
            run.Scope = new Scope(outer);
            SetStatement.Assign(run.Scope, Targets, item);
            if (Values.IsTrue(Filter.Evaluate(run))) chosen.Add(item);
        }
        run.Scope = outer;
        return chosen;
    }

    private static TemplateMap Loop(IReadOnlyList<object?> items, int index) => new()
    {
        ["index"] = index + 1L,
        ["index0"] = (long)index,
        ["revindex"] = (long)items.Count - index,
        ["revindex0"] = items.Count - index - 1L,
        ["first"] = index == 0,
        ["last"] = index == items.Count - 1,
        ["length"] = (long)items.Count,
        ["previtem"] = index > 0 ? items[index - 1] : new Undefined("loop.previtem"),
        ["nextitem"] = index + 1 < items.Count ? items[index + 1] : new Undefined("loop.nextitem"),
        ["cycle"] = (Callable)((_, values, _) => values.Count > 0 ? values[index % values.Count] : throw TemplateErrors.Refused("loop.cycle() of nothing", "at least one value")),
    };
}
