namespace EdgeBench.Backends.External.Programs;

/// <summary>A line of a program's output and when it came.</summary>
/// <param name="At">Seconds since the program was started, to about a millisecond.</param>
internal readonly record struct ArrivedLine(string Text, double At);
