namespace EdgeBench.Core.Problems;

/// <summary>A disk is full (exit code 5): the one failure that stops a whole run instead of costing a cell.</summary>
public sealed class DiskFullException(Problem problem, Exception? inner = null) : EdgeBenchException(ExitCode.Infrastructure, [problem], inner);
