using System.CommandLine;
using System.Text.Json;
using EdgeBench.Backends.LlamaCpp;
using EdgeBench.Backends.OnnxRuntime;
using EdgeBench.Benchmarks.Harness;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Export;

namespace EdgeBench.Benchmarks.Onnx;

/// <summary>
/// <c>onnx</c>: exported models on ONNX Runtime against a GGUF file on llama.cpp, interleaved, as ratios. The bar beside them is what models of
/// onnxruntime-genai's builder (0.18) reached against llama.cpp's Q4_1 of SmolLM2-135M on another machine, with 2 threads.
/// </summary>
internal static class OnnxCommand
{
    private static readonly string[] s_kinds = ["f32", "q4_0", "q8_0", "int8"];

    public static Command Create()
    {
        Argument<FileInfo> model = new("model") { Description = "GGUF file that llama.cpp runs and that the exports are made of: SmolLM2's Q4_1 file for the bar to mean something." };
        Option<int> threads = new("--threads") { Description = "CPU threads.", DefaultValueFactory = _ => 2 };
        Option<int> rounds = new("--rounds") { Description = "Interleaved rounds.", DefaultValueFactory = _ => 10 };
        Option<string> kinds = new("--kinds") { Description = $"Weights, separated by commas: {string.Join(", ", s_kinds)}.", DefaultValueFactory = _ => string.Join(',', s_kinds) };
        model.AcceptExistingOnly();
        kinds.Validators.Add(result =>
        {
            foreach (string kind in result.GetValueOrDefault<string>().Split(',').Except(s_kinds)) result.AddError($"'{kind}' is none of {string.Join(", ", s_kinds)}.");
        });
        Command command = new("onnx", "Prefill and decode of exported models on ONNX Runtime against llama.cpp, interleaved.") { model, threads, rounds, kinds };
        command.SetAction(parsed => Run(parsed.GetValue(model)!.FullName, parsed.GetValue(threads), parsed.GetValue(rounds), parsed.GetValue(kinds)!.Split(',')));
        return command;
    }

    private static int Run(string model, int threads, int rounds, string[] kinds)
    {
        string folder = Directory.CreateTempSubdirectory("edgebench-onnx-").FullName;
        List<(string Kind, IBackendSession Session)> sessions = [];
        try
        {
            SessionNeeds needs = new(threads, 1024, 1);
            sessions.Add(("llamacpp", new LlamaCppBackend().Open(new ArtifactFile(model, "gguf", 0, ""), default, needs)));
            foreach (string kind in kinds)
            {
                string source = Path.Combine(folder, $"{kind}.gguf"), target = Path.Combine(folder, kind);
                ExportSources.Write(model, source, kind);
                using (GgufFile file = GgufFile.Open(source)) OnnxExporter.Export(file, target, new OnnxExportOptions());
                File.Delete(source);
                ArtifactFile artifact = new(Path.Combine(target, OnnxExporter.ModelFile), "onnx", 0, "");
                sessions.Add((kind, new OnnxRuntimeBackend().Open(artifact, JsonSerializer.SerializeToElement(new OnnxRuntimeOptions(), EdgeBenchJson.Options), needs)));
            }
            Report(sessions, Measure(sessions, rounds));
            return 0;
        }
        finally
        {
            foreach ((_, IBackendSession session) in sessions) session.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    // llama.cpp's waiting threads poll for up to 0.4 s after a call, and would take a core from whoever comes next.
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(0.6);

    // Rates by kind and test, round by round. Each turn starts on an idle machine with an untimed run of the same test, as a process of its own would.
    private static Dictionary<(string Kind, string Test), List<double>> Measure(List<(string Kind, IBackendSession Session)> sessions, int rounds)
    {
        Dictionary<(string, string), List<double>> rates = [];
        Random random = new(1);
        for (int round = 0; round < rounds; round++)
        {
            foreach (DecoderTest test in DecoderTest.All)
            {
                foreach ((string kind, IBackendSession session) in sessions)
                {
                    Thread.Sleep(s_settle);
                    test.Rate(session, random);
                    if (!rates.TryGetValue((kind, test.Name), out List<double>? known)) rates[(kind, test.Name)] = known = [];
                    known.Add(test.Rate(session, random));
                }
            }
        }
        return rates;
    }

    private static void Report(List<(string Kind, IBackendSession Session)> sessions, Dictionary<(string Kind, string Test), List<double>> rates)
    {
        Console.WriteLine("kind      test   tok/s    ratio to llamacpp, median of rounds             bar");
        foreach ((string kind, _) in sessions)
        {
            foreach (DecoderTest test in DecoderTest.All)
            {
                List<double> own = rates[(kind, test.Name)], other = rates[("llamacpp", test.Name)];
                PairedRatio ratio = PairedRatio.Of([.. own.Zip(other, (a, b) => a / b)]);
                string bar = test.Bar(kind) is { } value ? $"{value:0.00}" : "-";
                Console.WriteLine($"{kind,-9} {test.Name,-6} {own.Order().ElementAt(own.Count / 2),8:0.0} {ratio,-48} {bar}");
            }
        }
    }
}
