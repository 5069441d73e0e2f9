using EdgeBench.Devices.Probes;
using EdgeBench.Kernels.Peaks;

namespace EdgeBench.KernelBenchmarks.Measuring;

/// <summary>Peaks just before and after a kernel: the best of a few passes, so that both are of the same minute as what they bound.</summary>
internal sealed class PeakRounds(int threads, ReadBuffer? buffer)
{
    private const int Passes = 3;

    private readonly Dictionary<PeakLoop, PeakPass> _passes = [];

    /// <summary>GB/s from memory; null where there is no memory to probe with.</summary>
    public double? Read() => buffer is null ? null : Best(PeakLoops.Supported(PeakKind.Read)[0]);

    /// <summary>GOP/s.</summary>
    public double Compute(PeakLoop loop) => Best(loop);

    /// <summary>The loop that bounds a kernel set: that of its own instructions, else of the widest that its name begins with, else of the processor's widest; null where there is none.</summary>
    /// <param name="kernel">Kernel set, such as <c>avx512-vnni</c>, or vector width, such as <c>vector256</c>.</param>
    public static PeakLoop? Bound(PeakKind kind, string kernel)
    {
        IReadOnlyList<PeakLoop> loops = PeakLoops.Supported(kind);
        string name = kernel switch { "vector512" => "avx512", "vector256" => "avx2", "vector128" => "advsimd", _ => kernel };
        return loops.FirstOrDefault(loop => loop.Instructions == name)
            ?? loops.FirstOrDefault(loop => name.StartsWith(loop.Instructions + "-", StringComparison.Ordinal))
            ?? loops.FirstOrDefault();
    }

    private double Best(PeakLoop loop)
    {
        if (!_passes.TryGetValue(loop, out PeakPass? pass)) _passes[loop] = pass = new PeakPass(loop, threads, buffer);
        double best = 0;
        for (int i = 0; i < Passes; i++) best = Math.Max(best, pass.Run());
        return best;
    }
}
