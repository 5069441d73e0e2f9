using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.Versioning;
using System.Text.Json;
using EdgeBench.Backends.External;
using EdgeBench.Backends.External.Programs;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Programs;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;
using EdgeBench.Testing.Fakes;

namespace EdgeBench.Backends.Tests.External;

[SupportedOSPlatform("linux")]
public sealed class ExternalBackendTests : IDisposable
{
    private readonly DeviceList _device = new();
    private readonly ExternalBackend _backend = new();

    public void Dispose() => _device.Dispose();

    [Fact]
    public void Every_tool_of_the_assembly_is_registered_once_and_can_be_chosen()
    {
        IEnumerable<Type> types = typeof(ExternalBackend).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IExternalTool)) && !type.IsAbstract);
        Assert.Equal(types.Select(type => type.Name).Order(), ExternalToolRegistry.All.Select(tool => tool.GetType().Name).Order());
        AllowedValuesAttribute allowed = typeof(ExternalOptions).GetProperty(nameof(ExternalOptions.Tool))!.GetCustomAttribute<AllowedValuesAttribute>()!;
        Assert.Equal(ExternalToolRegistry.All.Select(tool => tool.Name), allowed.Values);
    }

    [Fact]
    public void A_tool_names_no_figure_that_its_answer_lacks()
    {
        foreach ((IExternalTool tool, string answer, ToolCall call) in ToolTexts.All(_device.Folder))
        {
            IEnumerable<string> told = ToolTexts.Read(tool, answer, call).Figures.Select(figure => figure.Metric.Name);
            IReadOnlyList<Metric> promised = tool.Metrics(call.Options, call.Shape);
            Assert.NotEmpty(promised);
            Assert.Empty(promised.Select(metric => metric.Name).Except(told));
            Assert.All(promised, metric => Assert.Same(metric, MetricRegistry.Find(metric.Name)));
        }
    }

    [Fact]
    public void Quality_is_refused_and_shapes_that_a_tool_cannot_express()
    {
        Assert.Contains("speed only", _backend.WhyNot(default, null), StringComparison.Ordinal);
        foreach (IExternalTool tool in ExternalToolRegistry.All.Where(tool => tool.Name != "json-lines"))
        {
            JsonElement options = Options(new ExternalOptions { Tool = tool.Name });
            bool tokens = tool.Name == "llama-bench";
            Assert.Equal(tokens, _backend.WhyNot(options, new(128, 0, 0)) is null);
            Assert.Equal(tokens, _backend.WhyNot(options, WorkloadShape.Inference) is not null);
        }
    }

    [Theory]
    [InlineData("llama-bench", "gguf")]
    [InlineData("benchmark_model", "tflite")]
    [InlineData("trtexec", "onnx")]
    [InlineData("onnxruntime_perf_test", "onnx")]
    public void The_tool_decides_the_format(string tool, string format)
    {
        JsonElement options = Options(new ExternalOptions { Tool = tool });
        Assert.Equal(format, _backend.FormatOf(options));
        Assert.Null(_backend.Refuse(new ArtifactFile("/m", format, 1, ""), options, new SessionNeeds(1, 1, 1)));
        Assert.Equal(FailureKind.Unsupported, _backend.Refuse(new ArtifactFile("/m", "other", 1, ""), options, new SessionNeeds(1, 1, 1))!.Kind);
    }

    [Theory]
    [InlineData("ttft", "tok/s", "a", "unit 'tok/s' of 'ttft'")]
    [InlineData("decode_toks", "tok/s", "a", "Did you mean 'decode_tok_s'?")]
    [InlineData("perplexity", "ms", "a", "cannot be imported")]
    [InlineData("weight_bytes", "B", "a", "cannot be imported")]
    [InlineData("ttft", "ms", "a..b", "path 'a..b'")]
    public void A_mapping_that_makes_no_sense_is_told_in_the_plan(string metric, string unit, string path, string reason)
    {
        ExternalOptions options = ToolTexts.Mapped with { Figures = [new FigureMapping { Path = path, Metric = metric, Unit = unit, Definition = "d" }] };
        Assert.Contains(reason, _backend.WhyNot(Options(options), new(8, 0, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_slips_of_options_are_told_in_the_plan()
    {
        foreach ((ExternalOptions options, string reason) in new[]
        {
            (ToolTexts.Mapped with { Figures = [] }, "needs 'figures'"),
            (ToolTexts.Mapped with { Figures = [.. ToolTexts.Mapped.Figures, .. ToolTexts.Mapped.Figures] }, "'tpot' twice"),
            (ToolTexts.Mapped with { Arguments = ["{modle}"] }, "'{modle}'"),
            (ToolTexts.Mapped with { Seconds = "[" }, "'seconds'"),
            (ToolTexts.Mapped with { Figures = [ToolTexts.Mapped.Figures[0] with { Definition = " " }] }, "needs a definition"),
            (new ExternalOptions { Format = "onnx" }, "belong to json-lines"),
        })
            Assert.Contains(reason, _backend.WhyNot(Options(options), new(8, 0, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_are_none_are_a_typed_failure()
    {
        foreach (string json in new[] { "[]", "{\"arguments\": null}", "{\"figures\": [null]}", "{\"arguments\": [null]}", "{\"tool\": 3}" })
            Assert.Equal(FailureKind.Unsupported, Assert.Throws<TrialException>(() => _backend.FormatOf(JsonDocument.Parse(json).RootElement)).Failure.Kind);
    }

    [Fact]
    public void A_program_that_the_device_does_not_allow_is_not_there_with_the_lists_own_words()
    {
        BackendStatus status = _backend.Probe(default);
        ProgramRefusedException refusal = Assert.Throws<ProgramRefusedException>(() => AllowedPrograms.Find("llama-bench", []));
        Assert.Equal((false, refusal.Message, refusal.Remedy), (status.Installed, status.Problem, status.Remedy));
        Assert.Equal((FailureKind.BackendMissing, refusal.Message, refusal.Remedy), Fails(new ExternalOptions()) is var failure ? (failure.Kind, failure.Message, failure.Remedy) : default);
    }

    [Fact]
    public void A_programs_version_is_its_hash_and_the_devices_arguments()
    {
        string path = _device.Script("tool", "exit 0");
        _device.Write($$"""{ "llama-bench": { "path": "{{path}}" }, "b": { "path": "{{path}}", "arguments": ["--fast"] } }""");
        BackendStatus status = _backend.Probe(default);
        Assert.Equal((true, path, $"sha256:{ContentHash.OfFile(path)[..12]}"), (status.Installed, status.Folder, status.Version));
        Assert.NotEqual(status.Version, ProgramVersion.Of(AllowedPrograms.Find("b", [])));
    }

    [Fact]
    public void A_session_cannot_be_opened() =>
        Assert.Equal(FailureKind.Unsupported, Assert.Throws<TrialException>(() => _backend.Open(new ArtifactFile("/m", "gguf", 1, ""), default, new SessionNeeds(1, 1, 1))).Failure.Kind);

    [Fact]
    public void A_script_that_prints_lines_of_json_is_measured()
    {
        List("""["{model}", "{threads}", "{generate}", "{repetitions}"]""", """
            i=0
            while [ $i -lt "$4" ]; do i=$((i+1)); echo "{\"timings\": {\"decode_us\": $((2000 + i))}, \"took\": 0.125, \"args\": \"$*\"}"; done
            sleep 0.4
            """);
        RecordingSink sink = new();
        _backend.Measure(Context(ToolTexts.Mapped, new(0, 8, 0), sink, minSamples: 3, minDuration: 0.3));
        Assert.Equal([2.001, 2.002, 2.003], sink.Values(MetricRegistry.Tpot).Select(value => Math.Round(value, 9)));
        Assert.Equal(("json-lines", "raw", "3", "0.375", "mean gap of a run"), (sink.Facts[ImportedFigures.Tool], sink.Facts[ImportedFigures.Samples],
            sink.Facts[ImportedFigures.Repetitions], sink.Facts[ImportedFigures.Seconds], sink.Facts[ImportedFigures.Definition + "tpot"]));
        double[] at = [.. sink.Series["tpot"].Select(reading => reading.At)];
        Assert.Equal(0.125, at[2] - at[1], 9);
        Assert.True(sink.Values(MetricRegistry.PeakRss).Single() > 100_000);
        Assert.DoesNotContain("pilot_run", sink.Facts.Keys);
    }

    [Fact]
    public void Beside_a_meter_the_time_and_the_tokens_of_each_repetition_are_told()
    {
        List("""["{model}", "{generate}", "{repetitions}"]""", "i=0; while [ $i -lt $3 ]; do i=$((i+1)); sleep 0.3; echo '{\"timings\": {\"decode_us\": 100}, \"took\": 0.25}'; done");
        RecordingSink sink = new();
        MeasureContext context = Context(ToolTexts.Mapped, new(0, 8, 0), sink, minSamples: 3);
        _backend.Measure(context with { Request = context.Request with { Meters = [new("rapl", default)] } });
        Assert.Equal([250, 250, 250], sink.Values(MetricRegistry.RepetitionTime).Select(value => Math.Round(value, 6)));
        Assert.Equal([8, 8, 8], sink.Values(MetricRegistry.RepetitionTokens));
        Assert.DoesNotContain(MetricRegistry.RepetitionCount.Name, sink.Series.Keys);
        double[] at = [.. sink.Series["repetition_time"].Select(reading => reading.At)];
        Assert.InRange(at[1] - at[0], 0.29, 5);
        Assert.InRange(at[^1], 0.9, sink.Now);
        Assert.Contains("arrival of the line", sink.Facts[ImportedFigures.Definition + "repetition_time"], StringComparison.Ordinal);
    }

    [Fact]
    public void Beside_a_meter_a_program_that_holds_its_lines_back_says_why_there_is_no_energy()
    {
        List("""["{model}", "{generate}", "{repetitions}"]""", "sleep 1.2; printf '{\"timings\": {\"decode_us\": %s}, \"took\": 0.25}\\n' 100 100 100");
        RecordingSink sink = new();
        MeasureContext context = Context(ToolTexts.Mapped, new(0, 8, 0), sink, minSamples: 3);
        _backend.Measure(context with { Request = context.Request with { Meters = [new("rapl", default)] } });
        Assert.DoesNotContain("repetition_time", sink.Series.Keys);
        Assert.Contains("holds its output back", sink.Facts[EnergyFacts.Untimed], StringComparison.Ordinal);
        Assert.Equal(3, sink.Values(MetricRegistry.Tpot).Length);
    }

    [Fact]
    public void A_run_that_was_over_too_soon_is_left_out_and_repeated_longer()
    {
        List("""["{model}", "{generate}", "{repetitions}"]""", """
            i=0
            while [ $i -lt "$3" ]; do i=$((i+1)); echo "{\"timings\": {\"decode_us\": 100}, \"took\": 0.015625}"; done
            sleep 0.4
            """);
        RecordingSink sink = new();
        _backend.Measure(Context(ToolTexts.Mapped, new(0, 8, 0), sink, minSamples: 5, minDuration: 0.3125));
        Assert.Equal(24, sink.Values(MetricRegistry.Tpot).Length);
        Assert.Equal("5 repetitions in 0.078 s, too short: run again with 24, and left out", sink.Facts["pilot_run"]);
    }

    [Fact]
    public void What_a_killed_trial_left_is_swept_and_what_a_living_one_holds_is_not()
    {
        string dead = Path.Combine(_device.Folder, "external", $"{int.MaxValue}"), alive = Path.Combine(_device.Folder, "external", "1");
        foreach (string folder in new[] { dead, alive }) Directory.CreateDirectory(Path.Combine(folder, "sub"));
        List("""["{model}", "{generate}"]""", "exit 3");
        Fails(ToolTexts.Mapped);
        Assert.Equal([alive], Directory.EnumerateDirectories(Path.Combine(_device.Folder, "external")));
    }

    [Fact]
    public void Words_of_a_configuration_reach_a_program_only_where_the_device_allows_them()
    {
        string script = _device.Script("tool", """echo "{\"timings\": {\"decode_us\": 100}, \"took\": 0.01}" """);
        ExternalOptions options = ToolTexts.Mapped with { Program = "tool", Arguments = ["{model}", "{generate}"] };
        _device.Write($$"""{ "tool": { "path": "{{script}}" } }""");
        TrialFailure failure = Fails(options);
        Assert.Equal(FailureKind.Unsupported, failure.Kind);
        Assert.Contains("does not let a configuration give arguments", failure.Message, StringComparison.Ordinal);
        Assert.Contains("\"free_arguments\": true", failure.Remedy, StringComparison.Ordinal);
        _device.Write($$"""{ "tool": { "path": "{{script}}", "free_arguments": true } }""");
        _backend.Measure(Context(options, new(0, 8, 0), new RecordingSink()));
    }

    [Fact]
    public void A_command_without_a_place_for_what_is_asked_is_refused()
    {
        List("""["{model}"]""", "exit 0");
        TrialFailure failure = Fails(ToolTexts.Mapped);
        Assert.Equal(FailureKind.Unsupported, failure.Kind);
        Assert.Contains("no {generate}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo garbage", FailureKind.Protocol, "is no JSON: 'garbage'")]
    [InlineData("exit 0", FailureKind.Protocol, "no line with 'timings.decode_us'")]
    [InlineData("echo '{\"timings\": {\"decode_us\": -1}}'", FailureKind.Protocol, "is -1")]
    [InlineData("echo '{\"timings\": {\"decode_us\": 1}, \"took\": 600}'", FailureKind.Protocol, "tells of 600 s of sampling and ran for")]
    [InlineData("echo out of luck >&2; exit 9", FailureKind.Crash, "out of luck")]
    [InlineData("sleep 60", FailureKind.Hang, "still running")]
    public void A_program_that_misbehaves_is_a_typed_failure(string script, FailureKind kind, string words)
    {
        List("""["{model}", "{generate}"]""", script);
        TrialFailure failure = Fails(ToolTexts.Mapped, timeLimit: 2);
        Assert.Equal(kind, failure.Kind);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_device.Folder, "external")));
    }

    [Fact]
    public void Llama_bench_is_asked_for_one_test_and_its_answer_is_imported()
    {
        string answer = ToolTexts.With(ToolTexts.With(ToolTexts.LlamaBench, "\"n_gen\": 0", "\"n_gen\": 20"), "\"n_prompt\": 100", "\"n_prompt\": 80");
        _device.Write($$"""{ "llama-bench": { "path": "{{_device.Script("tool", $"echo \"$*\" > {_device.Folder}/asked\nsleep 1.2\ncat <<'END'\n{answer}\nEND")}}" } }""");
        RecordingSink sink = new();
        _backend.Measure(Context(new ExternalOptions(), new(80, 20, 0), sink, minSamples: 4, minDuration: 1));
        Assert.Equal([500, 400, 250, 400], sink.Values(MetricRegistry.EndToEndRate));
        Assert.Equal("-m /models/m.gguf -t 2 -r 4 -o jsonl -p 0 -n 0 -pg 80,20", File.ReadAllText(Path.Combine(_device.Folder, "asked")).Trim());
    }

    private static JsonElement Options(ExternalOptions options) => JsonSerializer.SerializeToElement(options, EdgeBenchJson.Options);

    private void List(string arguments, string script) =>
        _device.Write($$"""{ "json-lines": { "path": "{{_device.Script("tool", script)}}", "arguments": {{arguments}} } }""");

    private TrialFailure Fails(ExternalOptions options, double timeLimit = 20) =>
        Assert.Throws<TrialException>(() => _backend.Measure(Context(options, new(0, 8, 0), new RecordingSink(), timeLimit: timeLimit))).Failure;

    private static MeasureContext Context(
        ExternalOptions options, WorkloadShape shape, ISampleSink sink, int minSamples = 1, double minDuration = 0, double timeLimit = 20) => new()
        {
            Shape = shape,
            Samples = sink,
            Request = new TrialRequest
            {
                TrialId = "t",
                CellId = "c",
                Backend = "external",
                BackendOptions = Options(options),
                Artifact = new ArtifactFile("/models/m.gguf", "gguf", 1, ""),
                Workload = "single-stream",
                Parameters = default,
                Threads = 2,
                Sampling = new Sampling(1, minSamples, minDuration, 60),
                Limits = new TrialLimits(timeLimit, 0),
                Seed = 1,
            },
        };
}
