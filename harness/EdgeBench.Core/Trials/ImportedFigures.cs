namespace EdgeBench.Core.Trials;

/// <summary>Names of facts that a trial carries whose figures a program measured and told, so that they are judged by what it really sampled.</summary>
public static class ImportedFigures
{
    /// <summary>The program, as its tool is called; present in every such trial.</summary>
    public const string Tool = "imported_from";

    /// <summary><see cref="Raw"/>, or why there are only the program's own aggregates.</summary>
    public const string Samples = "imported_samples";

    /// <summary>Value of <see cref="Samples"/> where every repetition was told.</summary>
    public const string Raw = "raw";

    /// <summary>Repetitions behind the figures.</summary>
    public const string Repetitions = "imported_repetitions";

    /// <summary>Seconds that the repetitions took together; absent where the program does not tell.</summary>
    public const string Seconds = "imported_seconds";

    /// <summary>Before a metric's name: what exactly the program measured.</summary>
    public const string Definition = "definition:";
}
