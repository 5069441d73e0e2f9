namespace EdgeBench.Core.Problems;

/// <summary>One thing that is wrong: what offends, what was expected, how to mend it.</summary>
/// <param name="Offender">The offending value, key, file or tensor, quoted as the user wrote it.</param>
/// <param name="Expected">What would have been accepted.</param>
/// <param name="Remedy">What to do; null where <paramref name="Expected"/> says it all.</param>
public sealed record Problem(string Offender, string Expected, string? Remedy = null)
{
    /// <summary>File that holds the offender; null for the command line.</summary>
    public string? File { get; init; }

    /// <summary>1-based line in <see cref="File"/>; null where lines mean nothing.</summary>
    public int? Line { get; init; }

    /// <summary>1-based column in <see cref="File"/>.</summary>
    public int? Column { get; init; }

    /// <summary>YAML path such as <c>recipes.int4[0].ptq.weights</c>, or the place in a binary file.</summary>
    public string? Path { get; init; }

    /// <summary>One line for people: <c>bench.yaml:12:5: recipes.int4[0].ptq.weights: … — expected …. remedy</c>.</summary>
    public override string ToString()
    {
        string place = File ?? "";
        if (Line is { } line) place += $":{line}";
        if (Line is not null && Column is { } column) place += $":{column}";
        string path = Path is null ? "" : $"{Path}: ";
        string remedy = Remedy is null ? "" : $" {Remedy}";
        return $"{(place.Length > 0 ? place + ": " : "")}{path}{Offender}; expected {Expected}.{remedy}";
    }
}
