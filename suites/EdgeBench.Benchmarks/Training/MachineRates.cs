using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Kernels.Dense;
using EdgeBench.Kernels.Packed;
using EdgeBench.Kernels.Peaks;

namespace EdgeBench.Benchmarks.Training;

/// <summary>What the machine's threads do together: a float32 product of 2048³ by the kernels of training, and multiply-adds of registers only.</summary>
internal sealed unsafe class MachineRates(Workers workers) : IDisposable
{
    private const int Side = 2048;

    private const long Steps = 4_000_000;

    private readonly PeakLoop _peak = PeakLoops.Supported(PeakKind.F32)[0];
    // Large pages, as everything that training multiplies.
    private readonly float* _a = Values(1), _b = Values(2), _c = Values(3);

    public static double ProductOperations => 2.0 * Side * Side * Side;

    public double PeakOperations => _peak.OperationsPerStep * Steps * workers.Count;

    public void Product() => workers.Multiply(new(Operand.RowMajor(_a, Side), Operand.RowMajor(_b, Side), (nint)_c, Side, Side, Side, Side, Accumulate: false, 0));

    public void Peak() => workers.Run(workers.Count, (_, _) => _peak.Run(0, Steps));

    public void Dispose()
    {
        foreach (nint matrix in new[] { (nint)_a, (nint)_b, (nint)_c }) WeightMemory.Free((byte*)matrix);
    }

    private static float* Values(int seed)
    {
        Random random = new(seed);
        float* values = (float*)WeightMemory.Allocate(Side * Side * sizeof(float));
        for (int i = 0; i < Side * Side; i++) values[i] = random.NextSingle() - 0.5f;
        return values;
    }
}
