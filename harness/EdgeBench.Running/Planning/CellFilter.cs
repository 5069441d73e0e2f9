using EdgeBench.Core.Cells;

namespace EdgeBench.Running.Planning;

/// <summary>
/// <c>--filter</c>: which cells a command is about. Terms are <c>model=glob</c> (likewise recipe, backend, device, workload, test, threads),
/// <c>!=</c>, or a bare glob over the whole cell id; joined by <c>and</c> or a comma, <c>or</c>, <c>not</c>, parentheses.
/// </summary>
public sealed class CellFilter
{
    private readonly FilterNode _root;

    internal CellFilter(string expression, FilterNode root, IReadOnlyList<FilterTerm> terms)
    {
        Expression = expression;
        _root = root;
        Terms = terms;
    }

    public string Expression { get; }

    internal IReadOnlyList<FilterTerm> Terms { get; }

    /// <summary>Throws <see cref="Core.Problems.EdgeBenchException"/> (exit code 2) with the column of what is wrong.</summary>
    public static CellFilter Parse(string expression) => new FilterParser(expression).Parse();

    public bool Matches(Cell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return _root.Matches(cell);
    }
}

internal abstract record FilterNode
{
    public abstract bool Matches(Cell cell);
}

internal sealed record FilterAnd(FilterNode Left, FilterNode Right) : FilterNode
{
    public override bool Matches(Cell cell) => Left.Matches(cell) && Right.Matches(cell);
}

internal sealed record FilterOr(FilterNode Left, FilterNode Right) : FilterNode
{
    public override bool Matches(Cell cell) => Left.Matches(cell) || Right.Matches(cell);
}

internal sealed record FilterNot(FilterNode Inner) : FilterNode
{
    public override bool Matches(Cell cell) => !Inner.Matches(cell);
}

/// <param name="Key">Null for a bare glob over the id.</param>
internal sealed record FilterTerm(string? Key, string Glob, int Column) : FilterNode
{
    public static readonly string[] Keys = ["model", "recipe", "backend", "device", "workload", "test", "threads"];

    public override bool Matches(Cell cell) => Key switch
    {
        null => NameGlob.MatchesWhole(Glob, cell.Id),
        "test" => NameGlob.MatchesWhole(Glob, cell.Workload.Test),
        _ => NameGlob.Matches(Glob, Value(cell)),
    };

    /// <summary>What the glob is held against.</summary>
    public string Value(Cell cell) => Key switch
    {
        "model" => cell.Model.Name,
        "recipe" => cell.Recipe.Name,
        "backend" => cell.Backend.Name,
        "device" => cell.Device.Name,
        "workload" => cell.Workload.Name,
        "test" => cell.Workload.Test,
        "threads" => cell.Workload.Threads.ToString(),
        _ => cell.Id,
    };
}
