using System.CommandLine;
using EdgeBench.Benchmarks.Harness;
using EdgeBench.Kernels.Dense;

namespace EdgeBench.Benchmarks.Dense;

/// <summary><c>gemm</c>: what share of the multiply-add peak of each instruction set the float32 products reach.</summary>
internal static class GemmCommand
{
    public static Command Create()
    {
        Option<int> m = new("--m") { Description = "Rows.", DefaultValueFactory = _ => 512 };
        Option<int> n = new("--n") { Description = "Outputs.", DefaultValueFactory = _ => 1536 };
        Option<int> k = new("--k") { Description = "Inputs.", DefaultValueFactory = _ => 576 };
        Option<int> pairs = new("--pairs") { Description = "Interleaved pairs of peak and product.", DefaultValueFactory = _ => 21 };
        Option<int> threads = new("--threads") { DefaultValueFactory = _ => 1 };
        Command command = new("gemm", "GFLOP/s of float32 products per instruction set over a register-only multiply-add peak, interleaved.") { m, n, k, pairs, threads };
        command.SetAction(parsed => Run(parsed.GetValue(m), parsed.GetValue(n), parsed.GetValue(k), parsed.GetValue(pairs), parsed.GetValue(threads)));
        return command;
    }

    private static void Run(int m, int n, int k, int pairs, int threads)
    {
        Console.WriteLine($"C[{m},{n}] = A[{m},{k}] B[{n},{k}]^T, {threads} thread(s), median of {pairs} pairs, GFLOP/s by {WorkTime.Name(threads)}");
        float[] a = Values(m * k), b = Values(n * k), c = new float[m * n];
        foreach (GemmKernel kernel in Gemm.Kernels.Where(kernel => kernel.IsSupported))
            Report($"{kernel.Name}", kernel.Name, 2.0 * m * n * k, () => Gemm.MultiplyTransposed(a, b, c, m, n, k, threads, kernel: kernel), pairs, threads);
        double[] h = new double[k * k];
        // Only the lower triangle is asked for.
        Report($"gram, {m} rows of {k}", Gemm.Kernels.First(kernel => kernel.IsSupported).Name, (double)m * k * (k + 1), () => Gram.AddLower(a, m, k, h, threads), pairs, threads);
    }

    private static void Report(string name, string peakOf, double operations, Action run, int pairs, int threads)
    {
        const double Seconds = 0.1;
        const long Steps = 1_000_000;
        // Once for the compiler, then enough calls for it to be done with optimising.
        for (int i = 0; i < 40; i++) run();
        int repetitions = Math.Max(1, (int)(Seconds / WorkTime.Of(run, threads)));
        long steps = Math.Max(Steps / 100, (long)(Steps * Seconds / WorkTime.Of(() => FmaPeak.Run(peakOf, Steps, threads, out _), threads)));
        List<double> ratios = [], products = [], peaks = [];
        for (int pair = 0; pair < pairs; pair++)
        {
            double done = 0, peakSeconds = WorkTime.Of(() => done = FmaPeak.Run(peakOf, steps, threads, out _), threads);
            double seconds = WorkTime.Of(() =>
            {
                for (int i = 0; i < repetitions; i++) run();
            }, threads);
            peaks.Add(done / peakSeconds / 1e9);
            products.Add(operations * repetitions / seconds / 1e9);
            ratios.Add(products[^1] / peaks[^1]);
        }
        Console.WriteLine($"{name,-24} product {Median(products),6:0.0}  peak {Median(peaks),6:0.0}  ratio {PairedRatio.Of(ratios)}");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static float[] Values(int length)
    {
        Random random = new(1);
        return [.. Enumerable.Range(0, length).Select(_ => (float)random.NextDouble() - 0.5f)];
    }
}
