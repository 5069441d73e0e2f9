using EdgeBench.Core.Problems;

namespace EdgeBench.Running.Planning;

/// <summary>
/// <c>--filter</c>: which of many things a command is about. Terms are <c>key=glob</c>, <c>!=</c>, or a bare glob over the whole id; joined by <c>and</c> or a
/// comma, <c>or</c>, <c>not</c>, parentheses.
/// </summary>
public sealed class NameFilter<T>
{
    private const int MostNames = 20;

    private readonly FilterNode<T> _root;

    internal NameFilter(string expression, FilterNode<T> root, IReadOnlyList<FilterTerm<T>> terms)
    {
        Expression = expression;
        _root = root;
        Terms = terms;
    }

    public string Expression { get; }

    internal IReadOnlyList<FilterTerm<T>> Terms { get; }

    /// <summary>Throws <see cref="EdgeBenchException"/> (exit code 2) with the column of what is wrong.</summary>
    public static NameFilter<T> Parse(string expression, FilterVocabulary<T> vocabulary) => new FilterParser<T>(expression, vocabulary).Parse();

    public bool Matches(T one) => _root.Matches(one);

    /// <summary>Those that match. Throws <see cref="EdgeBenchException"/> (exit code 2) where none does: with the nearest name of every term that fits none.</summary>
    /// <param name="what">Such as <c>kernels</c>.</param>
    public IReadOnlyList<T> Among(IReadOnlyList<T> all, string what)
    {
        T[] matching = [.. all.Where(Matches)];
        if (matching.Length > 0) return matching;
        string file = $"--filter \"{Expression}\"";
        List<Problem> problems = [];
        foreach (FilterTerm<T> term in Terms.Where(term => term.Known is not null))
        {
            string[] names = [.. all.Select(term.Known!.Value).Distinct()];
            if (names.Any(name => NameGlob.Matches(term.Glob, name))) continue;
            string shown = string.Join(", ", names.Take(MostNames)) + (names.Length > MostNames ? ", …" : "");
            problems.Add(new Problem($"'{term.Glob}' matches no {term.Key}", shown, Nearest.Question(term.Glob, names)) { File = file, Path = $"column {term.Column}" });
        }
        if (problems.Count == 0)
        {
            string remedy = Terms.Any(term => term.Known is null) ? $"A bare word is held against the whole name: write *word*, or name the part: {Terms[0].Vocabulary.Example}." : "Loosen it.";
            problems.Add(new Problem($"a filter that matches none of {all.Count:N0} {what}", "at least one", remedy) { File = file });
        }
        throw new EdgeBenchException(ExitCode.BadInput, problems);
    }
}
