using EdgeBench.Core.Problems;

namespace EdgeBench.Suites.Datasets;

/// <summary>What is wrong with a data file, line by line; the first few of it, because a wrong layout is wrong on every line.</summary>
internal sealed class DataProblems(string file)
{
    private const int Most = 5;

    private readonly List<Problem> _problems = [];

    /// <summary>Enough has been found to stop.</summary>
    public bool Full => _problems.Count >= Most;

    public void Add(int? line, string offender, string expected, string? remedy = null, int? column = null) =>
        _problems.Add(new Problem(offender, expected, remedy) { File = file, Line = line, Column = column });

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) with the first of them, where there are any.</summary>
    public void Throw()
    {
        if (_problems.Count > 0) throw new EdgeBenchException(ExitCode.BadInput, [.. _problems.Take(Most)]);
    }
}
