namespace EdgeBench.Core.Problems;

/// <summary>A failure that a user can act on: every problem found, and the exit code that it ends a command with.</summary>
public class EdgeBenchException : Exception
{
    public EdgeBenchException(ExitCode exitCode, IReadOnlyList<Problem> problems, Exception? inner = null)
        : base(string.Join(Environment.NewLine, problems), inner)
    {
        ExitCode = exitCode;
        Problems = problems;
    }

    public EdgeBenchException(ExitCode exitCode, Problem problem, Exception? inner = null)
        : this(exitCode, [problem], inner)
    {
    }

    public ExitCode ExitCode { get; }

    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>Bad input (exit code 2).</summary>
    public static EdgeBenchException BadInput(string offender, string expected, string? remedy = null, string? file = null, string? path = null) =>
        new(ExitCode.BadInput, new Problem(offender, expected, remedy) { File = file, Path = path });

    /// <summary>Infrastructure failed (exit code 5).</summary>
    public static EdgeBenchException Infrastructure(string offender, string expected, string? remedy = null, Exception? inner = null) =>
        new(ExitCode.Infrastructure, [new Problem(offender, expected, remedy)], inner);
}
