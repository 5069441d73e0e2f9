namespace EdgeBench.KernelBenchmarks;

/// <summary>Which kernels to measure, how, and where to keep it.</summary>
/// <param name="Filter">An expression over <see cref="Cases.KernelCatalog.Keys"/>; null for all.</param>
/// <param name="Thorough">More and longer stretches.</param>
/// <param name="Folder">Of the run.</param>
public sealed record KernelRequest(string? Filter, int Threads, bool Thorough, string Folder, bool Fresh, string CommandLine);
