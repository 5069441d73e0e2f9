namespace EdgeBench.Fuzz;

/// <summary>A parser under attack. Seam: implement in <c>Targets</c>, add to <see cref="FuzzTargets"/>.</summary>
public interface IFuzzTarget
{
    /// <summary>Name on the command line, such as <c>gguf</c>.</summary>
    string Name { get; }

    /// <summary>Valid inputs, made in code, that mutations start from; at least one.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>
    /// Parses <paramref name="input"/> and looks at all that came out. Throws <see cref="Core.Problems.EdgeBenchException"/> where the parser refuses it;
    /// any other exception, a hang or a large allocation is a finding. The array is the target's own to keep or change.
    /// </summary>
    void Execute(byte[] input);

    /// <summary>A change that keeps the format's outer shape (a JSON document stays one), or null where <paramref name="input"/> has none.</summary>
    byte[]? Restructure(byte[] input, Random random) => null;
}
