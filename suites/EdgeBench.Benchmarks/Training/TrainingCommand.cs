using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeBench.Benchmarks.Dense;
using EdgeBench.Benchmarks.Harness;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Benchmarks.Training;

/// <summary><c>training</c>: steps of a shape of golden/README.md over the machine's own product rate, interleaved.</summary>
internal static class TrainingCommand
{
    private const int WarmUp = 5;

    public static Command Create()
    {
        Option<string> shape = new("--shape") { Description = "i, ii or iii.", DefaultValueFactory = _ => "i" };
        shape.AcceptOnlyFromAmong([.. TrainingShape.All.Select(one => one.Name)]);
        Option<int> pairs = new("--pairs") { Description = "Interleaved rounds of peak, product and training.", DefaultValueFactory = _ => 15 };
        Option<int> threads = new("--threads") { DefaultValueFactory = _ => 2 };
        Option<bool> recompute = new("--recompute") { Description = "Activations of a layer are computed again in the backward pass." };
        Option<bool> profile = new("--profile") { Description = "Shows where the time of steps goes." };
        Command command = new("training", "Training tokens/s and GFLOP/s over those of a float32 product of 2048³ on the same threads, and that product over the multiply-add peak.") { shape, pairs, threads, recompute, profile };
        command.SetAction(parsed => Run(TrainingShape.All.Single(one => one.Name == parsed.GetValue(shape)), parsed.GetValue(pairs), parsed.GetValue(threads), parsed.GetValue(recompute), parsed.GetValue(profile)));
        return command;
    }

    private static void Run(TrainingShape shape, int pairs, int threads, bool recompute, bool profile)
    {
        using TrainingSubject subject = new(shape, threads, recompute);
        for (int i = 0; i < WarmUp; i++) subject.Step();
        // Before the products' own memory is there.
        double resident = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;
        TrainingMemory memory = subject.Trainer.Memory;
        using Workers workers = new(threads);
        using MachineRates rates = new(workers);
        for (int i = 0; i < 3; i++) rates.Product();
        rates.Peak();
        if (profile) subject.Trainer.Profile();

        List<double> peaks = [], products = [], steps = [], shares = [], ratios = [];
        int stepsPerRound = Math.Max(1, (int)(0.25 / WorkTime.Of(() => subject.Step(), threads)));
        long noted = 0;
        for (int pair = 0; pair < pairs; pair++)
        {
            peaks.Add(rates.PeakOperations / WorkTime.Of(rates.Peak, threads) / 1e9);
            double before = WorkTime.Of(rates.Product, threads);
            long start = GC.GetTotalAllocatedBytes(precise: true);
            double seconds = WorkTime.Of(() =>
            {
                for (int i = 0; i < stepsPerRound; i++) subject.Step();
            }, threads) / stepsPerRound;
            noted += GC.GetTotalAllocatedBytes(precise: true) - start;
            // The product on both sides of training, so that a drifting machine is no gain for either.
            products.Add(2 * MachineRates.ProductOperations / (before + WorkTime.Of(rates.Product, threads)) / 1e9);
            steps.Add(seconds);
            shares.Add(products[^1] / peaks[^1]);
            ratios.Add(shape.OperationsPerToken * shape.Tokens / seconds / 1e9 / products[^1]);
        }
        double median = steps.Order().ElementAt(steps.Count / 2);
        Console.WriteLine(Text($"shape {shape.Name}{(recompute ? ", recomputing" : "")}, {threads} thread(s), {shape.Tokens} tokens a step, {shape.OperationsPerToken / 1e6:0.00} MFLOP a token"));
        Console.WriteLine(Text($"step {median * 1e3:0.0} ms ({steps.Min() * 1e3:0.0} to {steps.Max() * 1e3:0.0}), {shape.Tokens / median:0} tok/s, {shape.OperationsPerToken * shape.Tokens / median / 1e9:0.0} GFLOP/s"));
        Console.WriteLine(Text($"product 2048^3 {Median(products):0.0} GFLOP/s, peak {Median(peaks):0.0}, share of the peak {PairedRatio.Of(shares)}"));
        string limit = !recompute ? Text($"; at least {shape.Ratio:0.00}, aim {shape.Goal:0.00}") : shape.RecomputingRatio is { } least ? Text($"; at least {least:0.00}") : "";
        Console.WriteLine(Text($"training over product {PairedRatio.Of(ratios)}") + limit);
        Console.WriteLine(Text($"peak resident {resident:0} MB; weights {memory.Weights / 1e6:0.0}, gradients {memory.Gradients / 1e6:0.0}, moments {memory.Optimiser / 1e6:0.0}, activations {memory.Activations / 1e6:0.0}, workspace {memory.Workspace / 1e6:0.0} MB; {noted / (pairs * stepsPerRound)} bytes allocated a step"));
        if (subject.Trainer.Times is not { } times) return;
        double total = times.Values.Sum();
        foreach ((string name, long ticks) in times.OrderByDescending(entry => entry.Value)) Console.WriteLine(Text($"{name,-28} {ticks / total,6:0.0%}  {ticks / (double)Stopwatch.Frequency / (1 + (pairs * stepsPerRound)) * 1e3,8:0.00} ms a step"));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
