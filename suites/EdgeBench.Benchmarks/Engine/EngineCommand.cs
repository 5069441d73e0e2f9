using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeBench.Backends.LlamaCpp;
using EdgeBench.Backends.Managed;
using EdgeBench.Benchmarks.Harness;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Engine.Inference.Forward;
using EdgeBench.Engine.Inference.Sessions;

namespace EdgeBench.Benchmarks.Engine;

/// <summary><c>engine</c>: the managed engine against llama.cpp on the same file, in alternating pairs, as ratios; and where the managed engine's time goes.</summary>
internal static class EngineCommand
{
    // llama.cpp's waiting threads poll for up to 0.4 s after a call, and would take a core from whoever comes next.
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(0.6);

    public static Command Create()
    {
        Argument<FileInfo[]> models = new("models") { Description = "GGUF files.", Arity = ArgumentArity.OneOrMore };
        Option<int> threads = new("--threads") { Description = "CPU threads.", DefaultValueFactory = _ => 2 };
        Option<int> pairs = new("--pairs") { Description = "Interleaved pairs.", DefaultValueFactory = _ => 10 };
        Option<string> tests = new("--tests") { Description = "ppN, tgM or either with @dD, separated by commas.", DefaultValueFactory = _ => "pp512,tg64,tg64@d512" };
        Option<string?> kernels = new("--kernels") { Description = "Kernel set of the managed engine, such as avx2." };
        Option<string?> variant = new("--variant") { Description = "CPU variant that llama.cpp is kept to, such as haswell." };
        Option<bool> phases = new("--phases") { Description = "Shows where the managed engine's time goes." };
        Option<bool> alone = new("--alone") { Description = "Runs the managed engine only." };
        Option<bool> bandwidth = new("--bandwidth") { Description = "Shows what share of the read bandwidth the managed engine decodes at." };
        Option<bool> load = new("--load") { Description = "Compares the time to load instead." };
        models.AcceptExistingOnly();
        tests.Validators.Add(result =>
        {
            foreach (string test in result.GetValueOrDefault<string>().Split(','))
            {
                if (EngineTest.Parse(test) is null) result.AddError($"Test '{test}' is none of ppN, tgM, ppN@dD, tgM@dD.");
            }
        });
        Command command = new("engine", "The managed engine against llama.cpp on the same file, interleaved.") { models, threads, pairs, tests, kernels, variant, phases, bandwidth, alone, load };
        command.SetAction(parsed =>
        {
            using LlamaCppVariant library = new(parsed.GetValue(variant));
            foreach (FileInfo model in parsed.GetValue(models)!)
            {
                EngineSides sides = new(model.FullName, parsed.GetValue(threads), parsed.GetValue(kernels), library.Folder, parsed.GetValue(alone));
                if (parsed.GetValue(load)) Load(sides, parsed.GetValue(pairs));
                else Run(sides, [.. parsed.GetValue(tests)!.Split(',').Select(test => EngineTest.Parse(test)!)], parsed.GetValue(pairs), parsed.GetValue(phases), parsed.GetValue(bandwidth));
            }
        });
        return command;
    }

    private static void Run(EngineSides sides, EngineTest[] tests, int pairs, bool phases, bool bandwidth)
    {
        using ReadShare? share = bandwidth ? new(sides.Threads) : null;
        int context = tests.Max(test => test.Context);
        using IBackendSession managed = sides.Managed(context);
        using IBackendSession? other = sides.LlamaCpp(context);
        Console.WriteLine($"{Path.GetFileName(sides.Model)}: {managed.Facts.Details["kernels"]}, {managed.Facts.Details["formats"]}; llama.cpp {other?.Facts.Details.GetValueOrDefault("cpu_variant") ?? "-"}");
        Random random = new(1);
        foreach (EngineTest test in tests)
        {
            List<double> own = [], its = [], shares = [];
            PhaseTimes times = new();
            for (int pair = 0; pair < pairs; pair++)
            {
                // Who comes first changes, so that a drift of the machine favours nobody.
                if (pair % 2 == 0) Own();
                if (other is not null)
                {
                    Thread.Sleep(s_settle);
                    its.Add(test.Rate(other, random));
                }
                if (pair % 2 != 0) Own();
            }
            string ratio = other is null ? "" : $"  llama.cpp {Median(its),8:0.0}  ratio {PairedRatio.Of([.. own.Zip(its, (a, b) => a / b)])}";
            Console.WriteLine($"  {test.Name,-10} managed {Median(own),8:0.0} tok/s{ratio}");
            if (shares.Count > 0) Console.WriteLine($"    decodes at {PairedRatio.Of([.. shares])} of the read bandwidth of its minute, {share!.Median:0.0} GB/s");
            if (phases) Console.WriteLine($"    {string.Join(", ", times.Seconds.Where(phase => phase.Value > 0).Select(phase => $"{phase.Key} {1e6 * phase.Value / (pairs * (test.Prompt + test.Generate)):0.0}"))} µs a token");

            void Own()
            {
                Thread.Sleep(s_settle);
                own.Add(test.Rate(managed, random, () => ((PackedSession)managed).Run.Times = phases ? times : null));
                ((PackedSession)managed).Run.Times = null;
                if (share is not null && test.Generate > 0) shares.Add(own[^1] * BytesOfToken(managed.Facts, test) / share.Measure());
            }
        }
    }

    // Each opens in turn after an untimed round that leaves the file in the page cache.
    private static void Load(EngineSides sides, int pairs)
    {
        List<double> own = [], its = [];
        for (int pair = -1; pair < pairs; pair++)
        {
            double managed = 0, other = 0;
            using (IBackendSession session = sides.Managed(64)) managed = session.Facts.LoadSeconds;
            using (IBackendSession? session = sides.LlamaCpp(64)) other = session?.Facts.LoadSeconds ?? double.NaN;
            if (pair < 0) continue;
            own.Add(managed);
            its.Add(other);
        }
        Console.WriteLine($"{Path.GetFileName(sides.Model)}: load managed {Median(own):0.000} s, llama.cpp {Median(its):0.000} s, ratio {PairedRatio.Of([.. own.Zip(its, (a, b) => a / b)])}");
    }

    /// <summary>All weights, and the keys and values of the positions before, half of the new ones on average.</summary>
    private static double BytesOfToken(SessionFacts facts, EngineTest test) =>
        double.Parse(facts.Details["packed_bytes"], CultureInfo.InvariantCulture) + ((facts.KvBytes ?? 0) * (test.Depth + (test.Generate / 2.0)) / facts.Context);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

/// <summary>Opens a file on either side with the same needs.</summary>
internal sealed record EngineSides(string Model, int Threads, string? Kernels, string? LlamaCppFolder, bool Alone)
{
    private ArtifactFile Artifact => new(Model, "gguf", 0, "");

    public IBackendSession Managed(int context) =>
        new ManagedBackend().Open(Artifact, JsonSerializer.SerializeToElement(new ManagedOptions { Kernels = Kernels }, EdgeBenchJson.Options), new(Threads, context, 1));

    public IBackendSession? LlamaCpp(int context) => Alone ? null
        : new LlamaCppBackend().Open(Artifact, JsonSerializer.SerializeToElement(new LlamaCppOptions { Path = LlamaCppFolder }, EdgeBenchJson.Options), new(Threads, context, 1));
}
