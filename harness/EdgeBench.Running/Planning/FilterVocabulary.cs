namespace EdgeBench.Running.Planning;

/// <summary>What the terms of a filter may name.</summary>
/// <param name="Id">What a bare glob is held against.</param>
/// <param name="Example">A term, for messages.</param>
public sealed record FilterVocabulary<T>(Func<T, string> Id, string Example, IReadOnlyList<FilterKey<T>> Keys);

/// <summary>A key before <c>=</c>.</summary>
/// <param name="Value">What its glob is held against.</param>
public sealed record FilterKey<T>(string Name, Func<T, string> Value)
{
    /// <summary>Takes whole numbers or <c>*</c>.</summary>
    public bool IsNumber { get; init; }

    /// <summary>Brackets in a value are a part of it, not an expanded name's.</summary>
    public bool IsWhole { get; init; }
}
