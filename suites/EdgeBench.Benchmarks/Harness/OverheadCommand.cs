using System.CommandLine;
using System.Text.Json;
using EdgeBench.Backends;
using EdgeBench.Running.Execution;

namespace EdgeBench.Benchmarks.Harness;

/// <summary><c>overhead</c>: what a whole <c>edgebench run</c> takes beyond the bare loop that does the same repetitions.</summary>
internal static class OverheadCommand
{
    public static Command Create()
    {
        Argument<FileInfo> model = new("model") { Description = "GGUF file." };
        Option<double> seconds = new("--seconds") { Description = "Measuring time to aim at.", DefaultValueFactory = _ => 8.8 };
        Option<int> pairs = new("--pairs") { DefaultValueFactory = _ => 5 };
        Option<int> threads = new("--threads") { DefaultValueFactory = _ => 2 };
        Command command = new("overhead", "Wall time of 'edgebench run' less that of the bare loop, interleaved.") { model, seconds, pairs, threads };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(model).FullName, parsed.GetValue(seconds), parsed.GetValue(pairs), parsed.GetValue(threads)));
        return command;
    }

    private static void Run(string model, double seconds, int pairs, int threads)
    {
        const string Test = "tg64";
        var backend = BackendRegistry.Find("llamacpp");
        string library = backend.Probe(HarnessVocabulary.DefaultOptions(backend)).Folder ?? throw new InvalidOperationException("llama.cpp is not installed.");
        using JsonDocument probe = JsonDocument.Parse(Programs.BareLoop(model, library, threads, Test, 3).Output);
        double rate = probe.RootElement.GetProperty("results")[0].GetProperty("median_tok_s").GetDouble();
        int repetitions = Math.Max(1, (int)Math.Ceiling(seconds * rate / 64));

        string folder = Directory.CreateTempSubdirectory("edgebench-overhead-").FullName;
        try
        {
            string bench = Path.Combine(folder, "bench.yaml");
            File.WriteAllText(bench, $$"""
                name: overhead
                models: { m: {{JsonSerializer.Serialize("file:" + model)}} }
                recipes: { stored: [] }
                backends: [llamacpp]
                workloads: { w: { scenario: single-stream, tests: [{{Test}}], threads: {{threads}} } }
                measure: { sessions: 1, warmup: 1, min_samples: {{repetitions}}, min_duration: 1ms, max_duration: 1h }
                """);
            List<double> extra = [], noReport = [];
            for (int pair = 0; pair < pairs; pair++)
            {
                double bare = Programs.BareLoop(model, library, threads, Test, repetitions).Seconds;
                double whole = Programs.EdgeBench("run", bench, "--out", Path.Combine(folder, $"a{pair}")).Seconds;
                double measured = Programs.EdgeBench("run", bench, "--no-report", "--out", Path.Combine(folder, $"b{pair}")).Seconds;
                extra.Add(whole - bare);
                noReport.Add(measured - bare);
                Console.WriteLine($"{repetitions} x {Test}: bare loop {bare:0.00} s, run with its journal {measured:0.00} s, run with all reports and plots {whole:0.00} s");
            }
            Console.WriteLine($"beyond the bare loop, median of {pairs}: {PairedRatio.Of(noReport).Median:0.00} s to the journal, {PairedRatio.Of(extra).Median:0.00} s with all reports and plots");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
