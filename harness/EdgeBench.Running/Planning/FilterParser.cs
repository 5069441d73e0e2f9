using System.Globalization;
using EdgeBench.Core.Problems;

namespace EdgeBench.Running.Planning;

/// <summary>Recursive descent over <c>or</c> of <c>and</c> of <c>not</c> of terms; bounded in length and depth.</summary>
internal sealed class FilterParser<T>
{
    private const int MaxLength = 4096;

    private const int MaxDepth = 64;

    private readonly string _expression;
    private readonly List<FilterToken> _tokens;
    private readonly FilterVocabulary<T> _vocabulary;
    private readonly List<FilterTerm<T>> _terms = [];
    private int _next;

    public FilterParser(string expression, FilterVocabulary<T> vocabulary)
    {
        ArgumentNullException.ThrowIfNull(expression);
        (_expression, _vocabulary) = (expression, vocabulary);
        if (expression.Length > MaxLength) throw Refuse(1, $"a filter of {expression.Length} characters", $"at most {MaxLength}");
        (_tokens, int? unclosed) = FilterLexer.Split(expression);
        if (unclosed is { } column) throw Refuse(column, "an unclosed quotation mark or '['", "its other half");
    }

    public NameFilter<T> Parse()
    {
        FilterNode<T> root = Or(1);
        if (Current.Kind != FilterTokenKind.End) throw Unexpected("'and', ',', 'or' or the end");
        return new NameFilter<T>(_expression, root, _terms);
    }

    private FilterToken Current => _tokens[_next];

    private FilterNode<T> Or(int depth)
    {
        FilterNode<T> left = And(depth);
        while (Take(FilterTokenKind.Or)) left = new FilterOr<T>(left, And(depth));
        return left;
    }

    private FilterNode<T> And(int depth)
    {
        FilterNode<T> left = Unary(depth);
        while (Take(FilterTokenKind.And)) left = new FilterAnd<T>(left, Unary(depth));
        return left;
    }

    private FilterNode<T> Unary(int depth)
    {
        if (depth > MaxDepth) throw Refuse(Current.Column, "nesting is too deep", $"at most {MaxDepth} levels");
        if (Take(FilterTokenKind.Not)) return new FilterNot<T>(Unary(depth + 1));
        if (!Take(FilterTokenKind.Open)) return Term();
        FilterNode<T> inner = Or(depth + 1);
        if (!Take(FilterTokenKind.Close)) throw Unexpected("')'");
        return inner;
    }

    private FilterNode<T> Term()
    {
        if (Current.Kind != FilterTokenKind.Word) throw Unexpected($"a term such as {_vocabulary.Example} or 'not'");
        FilterToken word = _tokens[_next++];
        bool equal = Take(FilterTokenKind.Equal), unequal = !equal && Take(FilterTokenKind.NotEqual);
        if (!equal && !unequal) return Added(new FilterTerm<T>(_vocabulary, null, word.Text, word.Column));
        string[] keys = [.. _vocabulary.Keys.Select(one => one.Name)];
        FilterKey<T> key = _vocabulary.Keys.FirstOrDefault(one => one.Name == word.Text)
            ?? throw Refuse(word.Column, $"unknown key '{word.Text}'", $"one of {string.Join(", ", keys)}", Nearest.Question(word.Text, keys));
        if (Current.Kind != FilterTokenKind.Word) throw Unexpected($"a glob over {word.Text}s");
        FilterToken glob = _tokens[_next++];
        if (key.IsNumber && !(glob.Text == "*" || int.TryParse(glob.Text, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            throw Refuse(glob.Column, $"{word.Text} '{glob.Text}'", "a whole number");
        FilterTerm<T> term = Added(new FilterTerm<T>(_vocabulary, key, glob.Text, glob.Column));
        return unequal ? new FilterNot<T>(term) : term;
    }

    private FilterTerm<T> Added(FilterTerm<T> term)
    {
        _terms.Add(term);
        return term;
    }

    private bool Take(FilterTokenKind kind)
    {
        if (Current.Kind != kind) return false;
        _next++;
        return true;
    }

    private EdgeBenchException Unexpected(string expected) =>
        Refuse(Current.Column, Current.Kind == FilterTokenKind.End ? "the filter ends here" : $"'{Current.Text}'", expected);

    private EdgeBenchException Refuse(int column, string offender, string expected, string? remedy = null)
    {
        string shown = _expression.Length <= 80 ? _expression : _expression[..79] + "…";
        return EdgeBenchException.BadInput(offender, expected, remedy, $"--filter \"{shown}\"", $"column {column}");
    }
}
