using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Devices;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;

namespace EdgeBench.Testing;

/// <summary>Stored runs as a journal would hold them, made from a seed: for tests of everything that reads runs.</summary>
public static class StoredRuns
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);

    private static readonly (string Recipe, string Type, double Bits, double Speed, double Loss)[] s_recipes =
        [("fp16", "F16", 16, 1, 0), ("int8", "Q8_0", 8.5, 1.5, 0.0009), ("int4", "Q4_0", 4.5, 2.05, 0.071), ("int4-gptq", "Q4_0", 4.5, 2.04, 0.034)];

    /// <summary>Four recipes, two backends, two thread counts, speed and quality; with a failure, a partly applied recipe and exclusions.</summary>
    public static StoredRun Realistic(int repetitions = 7, int sessions = 3)
    {
        List<StoredCell> cells = [];
        foreach ((string recipe, string type, double bits, double speed, double loss) in s_recipes)
        {
            foreach (string backend in (string[])["llamacpp", "managed"])
            {
                Dice dice = new(recipe + backend);
                ArtifactDescription artifact = Artifact("smollm2-135m", recipe, type, bits);
                double pace = speed * (backend == "managed" ? 0.8 : 1);
                foreach (int threads in (int[])[1, 2])
                {
                    foreach (string test in (string[])["pp512", "tg128"])
                        cells.Add(Speed(artifact, recipe, backend, test, threads, pace, sessions, repetitions, dice));
                }
                if (backend == "llamacpp") cells.Add(Quality(artifact, recipe, backend, loss, dice));
            }
        }
        Break(cells);
        return Run("first-look", cells) with
        {
            Excluded =
            [
                Exclusion("smollm2-135m", "int4", "onnxruntime", "chat", "onnxruntime runs ONNX only and recipe int4 makes GGUF"),
                Exclusion("smollm2-135m", "fp16", "llamacpp", "long", "context 16384 is longer than the model's 8192"),
            ],
        };
    }

    /// <summary>A run of that many cells with three short sessions each.</summary>
    public static StoredRun Large(int count)
    {
        List<StoredCell> cells = new(count);
        for (int i = 0; i < count; i++)
        {
            (string recipe, string type, double bits, double speed, _) = s_recipes[i % s_recipes.Length];
            Dice dice = new($"{i}");
            string test = i / 4 % 2 == 0 ? "pp512" : "tg128";
            int threads = 1 + (i / 8 % 4);
            ArtifactDescription artifact = Artifact($"model-{i / 160:000}", recipe, type, bits);
            StoredCell cell = Speed(artifact, recipe, "llamacpp", test, threads, speed, 3, 5, dice);
            cells.Add(cell with { Model = $"model-{i / 160:000}", Workload = $"w{i / 32 % 5}[threads={threads}]", Id = $"{cell.Id}-{i}", Key = $"key-{i}" });
        }
        return Run("large", cells);
    }

    /// <summary>One valid speed cell.</summary>
    public static StoredRun OneCell() => Run("one", [SpeedCell()]);

    /// <summary>Planned, nothing measured.</summary>
    public static StoredRun NothingMeasured() => Run("planned", [SpeedCell() with { Trials = [] }]);

    /// <summary>No cell at all.</summary>
    public static StoredRun Empty() => Run("empty", []);

    /// <summary>Every trial of every cell failed.</summary>
    public static StoredRun AllFailed()
    {
        StoredRun run = Realistic();
        return run with { Name = "all-failed", Cells = [.. run.Cells.Select(cell => cell with { Trials = [.. cell.Trials.Select(Failed)] })] };
    }

    /// <summary>Random weights: speed and memory, no quality.</summary>
    public static StoredRun RandomWeights()
    {
        StoredRun run = Realistic();
        return run with
        {
            Name = "random",
            Cells = [.. run.Cells.Where(cell => !cell.IsQuality).Select(cell => cell with { Artifact = cell.Artifact! with { RandomWeights = true } })],
        };
    }

    /// <summary>The realistic run with every name replaced by <paramref name="name"/>'s answer to it.</summary>
    public static StoredRun Renamed(Func<string, string> name)
    {
        StoredRun run = Realistic();
        return run with
        {
            Name = name(run.Name),
            Description = name("description"),
            Cells = [.. run.Cells.Select(cell => cell with { Id = name(cell.Id), Model = name(cell.Model), Recipe = name(cell.Recipe), Backend = name(cell.Backend) })],
            Excluded = [.. run.Excluded.Select(cell => cell with { Id = name(cell.Id), Recipe = name(cell.Recipe), Reason = name(cell.Reason) })],
        };
    }

    /// <summary>A run around cells, on one x64 device.</summary>
    public static StoredRun Run(string name, IReadOnlyList<StoredCell> cells) => new()
    {
        Path = $"runs/{name}/run.db",
        Name = name,
        StartedAt = s_start,
        UpdatedAt = s_start.AddMinutes(12),
        Provenance = new Dictionary<string, string>
        {
            ["harness_version"] = "0.1.0",
            ["commit"] = "0123abcd",
            ["config_hash"] = "9f8e7d6c",
            ["command_line"] = "edgebench run",
            ["seed"] = "42",
        },
        ConfigurationJson = "{}",
        Devices = new Dictionary<string, DeviceFacts>
        {
            ["local"] = new()
            {
                Id = "d1",
                OperatingSystem = "Debian GNU/Linux 12",
                Kernel = "6.1.0",
                Architecture = "x64",
                Processor = "Example 8-Core CPU",
                Cores = 2,
                MemoryBytes = 24L << 30,
                InstructionSets = ["avx2", "avx512f"],
                BootId = "b1",
            },
        },
        Cells = cells,
        Excluded = [],
    };

    /// <summary>A valid cell of a decode test in two threads.</summary>
    public static StoredCell SpeedCell(int sessions = 3, int repetitions = 7) =>
        Speed(Artifact("smollm2-135m", "int8", "Q8_0", 8.5), "int8", "llamacpp", "tg128", 2, 1.5, sessions, repetitions, new Dice("one"));

    /// <summary>A successful trial that holds just these series.</summary>
    public static StoredTrial Trial(int session, params Series[] series) => new()
    {
        TrialId = $"t{session}",
        Session = session,
        Order = 0,
        Outcome = new TrialOutcome { TrialId = $"t{session}", StartedAt = s_start.AddMinutes(session), Seconds = 5, Series = series },
    };

    /// <summary>The same trial, failed.</summary>
    public static StoredTrial Failed(StoredTrial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        TrialFailure failure = new(FailureKind.OutOfMemory, "the process passed its limit of 512 MiB", "raise measure.memory_limit or take a smaller recipe");
        return trial with { Outcome = trial.Outcome with { Failure = failure, Series = [] } };
    }

    private static void Break(List<StoredCell> cells)
    {
        Change(cells, "int8", "managed", "tg128", 1, cell => cell with { Trials = [.. cell.Trials.Select(Failed)] });
        Change(cells, "int4", "managed", "pp512", 2, cell => cell with { Trials = [cell.Trials[0], Failed(cell.Trials[1]), .. cell.Trials.Skip(2)] });
        Change(cells, "fp16", "managed", "tg128", 2, cell => cell with { MinSamples = 50 });
        for (int i = 0; i < cells.Count; i++)
        {
            if (cells[i].Recipe != "int4-gptq" || cells[i].Backend != "managed") continue;
            PassReadback readback = new("ptq", "weights q4_0, method gptq", "q4_0 in 205 of 210 tensors; f16 in 5 (172 columns do not divide by 32)", Applied.Partly)
            {
                Tensors =
                [
                    new TensorError("blk.0.attn_q.weight", "q4_0", 0.0712, 0.0431), new TensorError("blk.1.attn_q.weight", "q4_0", 0.0688, 0.0402),
                    new TensorError("blk.0.ffn_down.weight", "f16", 0.0002, null, "172 columns do not divide by 32"),
                ],
            };
            cells[i] = cells[i] with { Artifact = cells[i].Artifact! with { Readback = [readback] } };
        }
    }

    private static void Change(List<StoredCell> cells, string recipe, string backend, string test, int threads, Func<StoredCell, StoredCell> change)
    {
        int index = cells.FindIndex(cell => cell.Recipe == recipe && cell.Backend == backend && cell.Test == test && cell.Threads == threads);
        cells[index] = change(cells[index]);
    }

    private static ArtifactDescription Artifact(string model, string recipe, string type, double bits)
    {
        const long Parameters = 134_515_008;
        long bytes = (long)(Parameters * bits / 8);
        string asked = recipe == "fp16" ? "weights f16" : $"weights {type.ToLowerInvariant()}";
        return new ArtifactDescription
        {
            Id = $"{model}-{recipe}",
            Format = "gguf",
            Path = $"artifacts/{recipe}.gguf",
            Sha256 = new string('a', 64),
            FileBytes = bytes + 1_800_000,
            WeightBytes = bytes,
            Parameters = Parameters,
            Architecture = "llama 30L d576",
            Types = [new TypeUsage(type, 211, Parameters - 35_136, bytes - 140_544), new TypeUsage("F32", 61, 35_136, 140_544)],
            Readback = [new PassReadback("ptq", asked, $"{type.ToLowerInvariant()} in 210 of 210 tensors", Applied.Fully)],
        };
    }

    private static StoredCell Speed(
        ArtifactDescription artifact, string recipe, string backend, string test, int threads, double pace, int sessions, int repetitions, Dice dice)
    {
        bool decode = test.StartsWith("tg", StringComparison.Ordinal);
        string[] expected = decode
            ? ["decode_tok_s", "tpot", "itl", "load_time", "peak_rss", "weight_bytes", "kv_bytes"]
            : ["prefill_tok_s", "ttft", "load_time", "peak_rss", "weight_bytes", "kv_bytes"];
        double rate = (decode ? 70 : 420) * pace * (threads == 1 ? 1 : 1.7);
        return Cell(artifact, recipe, backend, $"speed[threads={threads}][{test}]", "single-stream", test, threads, expected) with
        {
            PlannedTrials = sessions,
            MinSamples = Math.Min(5, repetitions),
            MinDuration = 0.5,
            Trials = [.. Enumerable.Range(0, sessions).Select(session => SpeedTrial(artifact, decode, rate, session, repetitions, dice))],
        };
    }

    private static StoredTrial SpeedTrial(ArtifactDescription artifact, bool decode, double rate, int session, int repetitions, Dice dice)
    {
        double drift = 1 + (0.02 * dice.Normal()), now = 0.4;
        List<double> rates = [], first = [], ends = [], gaps = [], gapEnds = [];
        List<int> repetition = [], gapRepetition = [];
        for (int r = 0; r < repetitions; r++)
        {
            double rateNow = rate * drift * (1 + (0.015 * dice.Normal()));
            int tokens = decode ? 128 : 512;
            for (int t = 1; decode && t < 128; t++)
            {
                double gap = 1000 / rateNow * (1 + (0.04 * Math.Abs(dice.Normal())) + (dice.Uniform() < 0.01 ? 1.5 * dice.Uniform() : 0));
                gaps.Add(gap);
                gapEnds.Add(now + (t * tokens / rateNow / 128));
                gapRepetition.Add(r);
            }
            now += tokens / rateNow;
            rates.Add(rateNow);
            first.Add((decode ? 1 : tokens) / rateNow * 1000);
            ends.Add(now);
            repetition.Add(r);
        }
        double[] at = [.. ends];
        int[] reps = [.. repetition];
        double weights = artifact.WeightBytes, kv = decode ? 2_949_120 : 11_796_480;
        List<Series> series =
        [
            new(decode ? "decode_tok_s" : "prefill_tok_s", [.. rates], at, reps), new(decode ? "tpot" : "ttft", [.. first], at, reps),
            Series.Single("load_time", 90 + (5 * dice.Uniform()), 0.3), Series.Single("peak_rss", Math.Round(weights + kv + (61e6 * (1 + (0.02 * dice.Uniform())))), now),
            Series.Single("weight_bytes", weights, now), Series.Single("kv_bytes", kv, now),
        ];
        if (decode) series.Add(new Series("itl", [.. gaps], [.. gapEnds], [.. gapRepetition]));
        StoredTrial trial = Trial(session, [.. series]);
        return trial with
        {
            Outcome = trial.Outcome with
            {
                Seconds = now,
                OverheadSeconds = 0.21,
                Conditions = new Dictionary<string, double> { ["other_cpu_share"] = 0.01 },
                Facts = new Dictionary<string, string> { ["runtime"] = "llama.cpp v0.5.0", ["cpu_variant"] = "zen4" },
            },
        };
    }

    private static StoredCell Quality(ArtifactDescription artifact, string recipe, string backend, double loss, Dice dice)
    {
        const int Tokens = 2040;
        Dice text = new("text");
        double[] nll = new double[Tokens], delta = new double[Tokens], kl = new double[Tokens], same = new double[Tokens], at = new double[Tokens];
        int[] window = new int[Tokens];
        for (int i = 0; i < Tokens; i++)
        {
            delta[i] = loss + (loss * 3 * dice.Normal());
            nll[i] = (-2.7 * Math.Log(1 - (0.999 * text.Uniform()))) + delta[i];
            kl[i] = loss * Math.Abs(dice.Normal());
            same[i] = dice.Uniform() < 1 - (loss * 3) ? 1 : 0;
            (at[i], window[i]) = (1 + (i * 0.004), i / 255);
        }
        string[] expected = ["perplexity", "ln_ppl_ratio", "kl_divergence", "top1_agreement"];
        StoredTrial trial = Trial(0, new Series("token_nll", nll, at, window), new Series("token_nll_delta", delta, at, window),
            new Series("token_kl", kl, at, window), new Series("token_top1", same, at, window));
        return Cell(artifact, recipe, backend, "quality", "perplexity", "perplexity", 2, expected) with
        {
            IsQuality = true,
            Reference = Artifact("smollm2-135m", "reference", "F16", 16) with { Readback = [] },
            Trials =
            [
                trial with
                {
                    Outcome = trial.Outcome with
                    {
                        Facts = new Dictionary<string, string> { ["window_rule"] = "8 windows of 512, second half scored", ["tokens_scored"] = $"{Tokens}" },
                    },
                },
            ],
        };
    }

    private static StoredCell Cell(
        ArtifactDescription artifact, string recipe, string backend, string workload, string type, string test, int threads, string[] expected) => new()
        {
            Key = $"key/{recipe}/{backend}/{workload}",
            Id = $"smollm2-135m/{recipe}/{backend}/local/{workload}",
            Model = "smollm2-135m",
            Recipe = recipe,
            Backend = backend,
            Device = "local",
            Workload = workload,
            WorkloadType = type,
            Test = test,
            Threads = threads,
            Tier = Tier.Measured,
            PlannedTrials = 1,
            MinSamples = 1,
            MinDuration = 0,
            ExpectedMetrics = expected,
            Artifact = artifact,
            Trials = [],
        };

    private static StoredExclusion Exclusion(string model, string recipe, string backend, string workload, string reason) =>
        new($"{model}/{recipe}/{backend}/local/{workload}", model, recipe, backend, "local", workload, reason);

    /// <summary>Random numbers that are the same on every machine, from a name.</summary>
    private sealed class Dice(string name)
    {
        private ulong _state = name.Aggregate(14695981039346656037UL, (hash, letter) => (hash ^ letter) * 1099511628211UL);

        public double Uniform()
        {
            _state += 0x9E3779B97F4A7C15UL;
            ulong z = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
        }

        public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());
    }
}
