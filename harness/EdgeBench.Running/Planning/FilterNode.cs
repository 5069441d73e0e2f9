namespace EdgeBench.Running.Planning;

internal abstract record FilterNode<T>
{
    public abstract bool Matches(T one);
}

internal sealed record FilterAnd<T>(FilterNode<T> Left, FilterNode<T> Right) : FilterNode<T>
{
    public override bool Matches(T one) => Left.Matches(one) && Right.Matches(one);
}

internal sealed record FilterOr<T>(FilterNode<T> Left, FilterNode<T> Right) : FilterNode<T>
{
    public override bool Matches(T one) => Left.Matches(one) || Right.Matches(one);
}

internal sealed record FilterNot<T>(FilterNode<T> Inner) : FilterNode<T>
{
    public override bool Matches(T one) => !Inner.Matches(one);
}

/// <param name="Known">Null for a bare glob over the id.</param>
internal sealed record FilterTerm<T>(FilterVocabulary<T> Vocabulary, FilterKey<T>? Known, string Glob, int Column) : FilterNode<T>
{
    public string? Key => Known?.Name;

    public override bool Matches(T one) => Known switch
    {
        null => NameGlob.MatchesWhole(Glob, Vocabulary.Id(one)),
        { IsWhole: true } => NameGlob.MatchesWhole(Glob, Known.Value(one)),
        _ => NameGlob.Matches(Glob, Known.Value(one)),
    };
}
