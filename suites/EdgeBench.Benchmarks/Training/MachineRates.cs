using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Kernels.Dense;
using EdgeBench.Kernels.Peaks;

namespace EdgeBench.Benchmarks.Training;

/// <summary>What the machine's threads do together: a float32 product of 2048³ by the kernels of training, and multiply-adds of registers only.</summary>
internal sealed unsafe class MachineRates(Workers workers)
{
    private const int Side = 2048;

    private const long Steps = 4_000_000;

    private readonly PeakLoop _peak = PeakLoops.Supported(PeakKind.F32)[0];
    private readonly float[] _a = Values(1), _b = Values(2), _c = new float[Side * Side];

    public static double ProductOperations => 2.0 * Side * Side * Side;

    public double PeakOperations => _peak.OperationsPerStep * Steps * workers.Count;

    public void Product()
    {
        fixed (float* a = _a, b = _b, c = _c)
            workers.Multiply(new(Operand.RowMajor(a, Side), Operand.RowMajor(b, Side), (nint)c, Side, Side, Side, Side, Accumulate: false, 0));
    }

    public void Peak() => workers.Run(workers.Count, (_, _) => _peak.Run(0, Steps));

    private static float[] Values(int seed)
    {
        Random random = new(seed);
        float[] values = new float[Side * Side];
        for (int i = 0; i < values.Length; i++) values[i] = random.NextSingle() - 0.5f;
        return values;
    }
}
