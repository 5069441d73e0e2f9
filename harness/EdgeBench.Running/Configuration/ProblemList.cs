using EdgeBench.Core.Problems;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration;

/// <summary>Every problem of a configuration, so that one attempt shows them all.</summary>
internal sealed class ProblemList
{
    /// <summary>Beyond this many the rest is only counted: nobody mends a thousand at once.</summary>
    private const int MaxListed = 100;

    private const int MaxQuoted = 80;

    private const int MaxNames = 40;

    private readonly List<Problem> _problems = [];
    private int _unlisted;

    public int Count => _problems.Count + _unlisted;

    public void Add(Place place, string path, string offender, string expected, string? remedy = null) =>
        Add(new Problem(offender, expected, remedy)
        {
            File = place.Source,
            Line = place.Line,
            Column = place.Column,
            Path = path.Length == 0 ? null : path,
        });

    public void Add(Problem problem)
    {
        if (_problems.Count < MaxListed) _problems.Add(problem);
        else _unlisted++;
    }

    public bool Contains(Problem problem) => _problems.Contains(problem);

    /// <summary>A key or a name that is not among the allowed ones.</summary>
    public void AddUnknown(Place place, string path, string what, string given, IReadOnlyCollection<string> allowed) =>
        Add(place, path, $"unknown {what} {Quote(given)}", allowed.Count == 0 ? $"no {what} here" : OneOf(allowed),
            DidYouMean(given, allowed));

    /// <summary>Nearest name, searched only among what people write: comparing costs the product of the lengths, and hostile names are long.</summary>
    public static string? DidYouMean(string given, IEnumerable<string> allowed) =>
        given.Length > MaxQuoted ? null : Nearest.Question(given, allowed.Where(name => name.Length <= 2 * MaxQuoted).Take(1000));

    public EdgeBenchException ToException()
    {
        List<Problem> all = [.. _problems];
        if (_unlisted > 0) all.Add(new Problem($"{_unlisted} further problems", "none", "Mend those above first."));
        return new EdgeBenchException(ExitCode.BadInput, all);
    }

    public void ThrowIfAny()
    {
        if (Count > 0) throw ToException();
    }

    /// <summary>The text in quotes, short and without control characters, so that hostile input cannot drive a terminal.</summary>
    public static string Quote(string text)
    {
        string clipped = text.Length <= MaxQuoted ? text : text[..(MaxQuoted - 1)] + "…";
        return $"'{string.Concat(clipped.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c))}'";
    }

    public static string OneOf(IReadOnlyCollection<string> names) =>
        names.Count == 1 ? Shown(names.First()) : $"one of {string.Join(", ", names.Take(MaxNames).Select(Shown))}{(names.Count > MaxNames ? ", …" : "")}";

    private static string Shown(string name) => Quote(name)[1..^1];
}
