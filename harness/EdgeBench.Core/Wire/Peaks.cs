namespace EdgeBench.Core.Wire;

/// <summary>Asks for what a device's memory and processors reach at best.</summary>
/// <param name="Threads">Numbers of threads; none for one thread and for one on each processor.</param>
public sealed record PeakQuery(IReadOnlyList<int> Threads);

/// <summary>What was reached.</summary>
/// <param name="Missing">Sentences on what has no figure, and why.</param>
public sealed record PeakReport(IReadOnlyList<PeakFigure> Figures, IReadOnlyList<string> Missing);

/// <summary>What one loop that does nothing else reached.</summary>
/// <param name="Kind"><c>read</c> (bytes from memory), <c>f32</c>, <c>int8</c>, <c>int4</c> (multiplications and additions).</param>
/// <param name="Instructions">Instruction set of the loop, such as <c>avx512</c>.</param>
/// <param name="Unit"><c>GB/s</c> or <c>GOP/s</c>, in powers of ten.</param>
/// <param name="Best">Of all passes: what others are held against.</param>
/// <param name="Median">Of all passes: far below the best where others used the machine.</param>
/// <param name="Bytes">That one pass reads; 0 of a loop that computes.</param>
public sealed record PeakFigure(string Kind, string Instructions, int Threads, string Unit, double Best, double Median, int Passes, long Bytes);
