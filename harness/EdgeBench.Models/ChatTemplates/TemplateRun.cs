using System.Text;

namespace EdgeBench.Models.ChatTemplates;

/// <summary>Variables of a block and of those around it.</summary>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<string, object?> _variables = new(StringComparer.Ordinal);

    public Scope? Outer => outer;

    public object? this[string name]
    {
        set => _variables[name] = value;
    }

    public bool TryGet(string name, out object? value)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._variables.TryGetValue(name, out value)) return true;
        }
        value = null;
        return false;
    }
}

/// <summary>One rendering: variables, output, budget.</summary>
internal sealed class TemplateRun
{
    private readonly Stack<StringBuilder> _outputs = new([new StringBuilder()]);

    public TemplateRun(TemplateMap variables, TimeProvider clock)
    {
        Clock = clock;
        Scope = new Scope(null);
        foreach ((string name, Callable function) in Globals.All) Scope[name] = function;
        Scope = new Scope(Scope);
        foreach ((object name, object? value) in variables) Scope[(string)name] = value;
    }

    public TimeProvider Clock { get; }

    public Budget Budget { get; } = new();

    public Scope Scope { get; set; }

    public string Output => _outputs.Peek().ToString();

    public void Write(string text)
    {
        Budget.Spend(text.Length);
        _outputs.Peek().Append(text);
    }

    /// <summary>Runs statements until one jumps.</summary>
    public Jump Execute(IReadOnlyList<Statement> statements)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (Statement statement in statements)
        {
            Budget.Step();
            if (statement.Execute(this) is not Jump.None and Jump jump) return jump;
        }
        return Jump.None;
    }

    /// <summary>What statements print, in a scope of their own.</summary>
    public string Capture(IReadOnlyList<Statement> statements, Scope inner)
    {
        Scope outer = Scope;
        _outputs.Push(new StringBuilder());
        Scope = inner;
        try
        {
            Execute(statements);
            return Output;
        }
        finally
        {
            _outputs.Pop();
            Scope = outer;
        }
    }
}
