using EdgeBench.Core.Cells;

namespace EdgeBench.Running.Planning;

/// <summary><c>--filter</c> over cells, whose terms are <c>model=glob</c>, likewise recipe, backend, device, workload, test, threads: see <see cref="NameFilter{T}"/>.</summary>
public sealed class CellFilter
{
    private static readonly FilterVocabulary<Cell> s_vocabulary = new(cell => cell.Id, "recipe=int4*",
    [
        new("model", cell => cell.Model.Name),
        new("recipe", cell => cell.Recipe.Name),
        new("backend", cell => cell.Backend.Name),
        new("device", cell => cell.Device.Name),
        new("workload", cell => cell.Workload.Name),
        new("test", cell => cell.Workload.Test) { IsWhole = true },
        new("threads", cell => cell.Workload.Threads.ToString()) { IsNumber = true },
    ]);

    private readonly NameFilter<Cell> _filter;

    private CellFilter(NameFilter<Cell> filter) => _filter = filter;

    public string Expression => _filter.Expression;

    internal IReadOnlyList<FilterTerm<Cell>> Terms => _filter.Terms;

    /// <summary>Throws <see cref="Core.Problems.EdgeBenchException"/> (exit code 2) with the column of what is wrong.</summary>
    public static CellFilter Parse(string expression) => new(NameFilter<Cell>.Parse(expression, s_vocabulary));

    public bool Matches(Cell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return _filter.Matches(cell);
    }
}
