using System.Diagnostics;
using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Launching;
using EdgeBench.Testing;

namespace EdgeBench.Agent.Tests;

/// <summary>Programs that measure by themselves, through the real agent and its own list of programs.</summary>
public sealed class ExternalTrialTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Figures_of_a_script_come_back_with_their_definitions()
    {
        Allow("i=0; while [ $i -lt \"$2\" ]; do i=$((i+1)); echo \"{\\\"rate\\\": $i, \\\"took\\\": 0.0625}\"; done; sleep 0.3");
        await using AgentConnection agent = await ConnectAsync();
        TrialOutcome outcome = await agent.RunTrialAsync(Request(), Cancellation);
        Assert.Null(outcome.Failure);
        Assert.Equal([1, 2, 3, 4], outcome.Series.Single(series => series.Metric == "decode_tok_s").Values);
        Assert.Equal(["decode_tok_s", "peak_rss"], outcome.Series.Select(series => series.Metric).Order());
        Assert.Equal(("json-lines", "tokens over the loop's time", "4", "0.25"), (outcome.Facts[ImportedFigures.Tool], outcome.Facts[ImportedFigures.Definition + "decode_tok_s"],
            outcome.Facts[ImportedFigures.Repetitions], outcome.Facts[ImportedFigures.Seconds]));
        Assert.Contains("script", outcome.Facts["program"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_meter_gives_joules_for_the_tokens_that_a_script_tells_of()
    {
        Allow("i=0; while [ $i -lt \"$2\" ]; do i=$((i+1)); sleep 2; echo \"{\\\"rate\\\": $i, \\\"took\\\": 1}\"; done");
        await using AgentConnection agent = await ConnectAsync();
        JsonElement model = Json("""{"idle_watts": 2, "watts_per_core": 1, "rate": 20, "idle": "00:00:00.1", "max_gap_share": 0.5}""");
        TrialRequest request = Request() with { Meters = [new MeterSpec("estimate", model)], Sampling = new Sampling(0, 2, 0.25, 10) };
        TrialOutcome outcome = await agent.RunTrialAsync(request, Cancellation);
        Assert.Null(outcome.Failure);
        Assert.Null(outcome.Facts.GetValueOrDefault(EnergyFacts.Missing(EnergyBoundary.Estimate)));
        EnergyMetrics estimate = EnergyMetrics.Of(EnergyBoundary.Estimate);
        double Figure(Metric metric) => outcome.Series.Single(series => series.Metric == metric.Name).Values.Single();
        // Eight tokens in each of the two repetitions of a second, of a script whose lines may come a second late.
        Assert.Equal(Figure(estimate.PerInference), Figure(estimate.PerToken) * 8, 9);
        Assert.Equal(Figure(estimate.MeanPower), Figure(estimate.PerInference), 6);
        Assert.InRange(Figure(estimate.MeanPower), 2, 2 + Environment.ProcessorCount);
        Assert.Equal("2", outcome.Facts[EnergyFacts.Seconds(EnergyBoundary.Estimate)]);
    }

    [Fact]
    public async Task A_meter_beside_a_script_that_does_not_tell_when_it_ran_gives_readings_and_the_reason()
    {
        Allow("sleep 0.8; printf '{\"rate\": %s, \"took\": 0.125}\\n' 1 2 3 4");
        await using AgentConnection agent = await ConnectAsync();
        JsonElement model = Json("""{"idle_watts": 2, "watts_per_core": 1, "rate": 50, "idle": "00:00:00.1"}""");
        TrialOutcome outcome = await agent.RunTrialAsync(Request() with { Meters = [new MeterSpec("estimate", model)] }, Cancellation);
        Assert.Null(outcome.Failure);
        Assert.Contains("holds its output back", outcome.Facts[EnergyFacts.Missing(EnergyBoundary.Estimate)], StringComparison.Ordinal);
        Assert.Equal(["power_estimate"], outcome.Series.Select(series => series.Metric).Where(name => name.EndsWith("_estimate", StringComparison.Ordinal)));
        Assert.Equal([1, 2, 3, 4], outcome.Series.Single(series => series.Metric == "decode_tok_s").Values);
    }

    [Fact]
    public async Task A_quality_task_is_refused()
    {
        Allow("exit 0");
        await using AgentConnection agent = await ConnectAsync();
        TrialRequest request = Request() with { Workload = "perplexity", Parameters = Json("""{ "data": "text" }""") };
        TrialFailure failure = (await agent.RunTrialAsync(request, Cancellation)).Failure!;
        Assert.Equal(FailureKind.Unsupported, failure.Kind);
        Assert.Contains("speed only", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_the_device_does_not_list_is_a_missing_backend()
    {
        Allow("exit 0");
        await using AgentConnection agent = await ConnectAsync();
        TrialFailure failure = (await agent.RunTrialAsync(Request("sh"), Cancellation)).Failure!;
        Assert.Equal(FailureKind.BackendMissing, failure.Kind);
        Assert.Contains("allows no external program 'sh'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hanging_program_is_the_programs_fault_and_gone_with_its_children()
    {
        Allow($"{Sleeper(60)} & {Sleeper(60)}");
        await using AgentConnection agent = await ConnectAsync();
        Stopwatch watch = Stopwatch.StartNew();
        TrialRequest request = Request();
        TrialFailure failure = (await agent.RunTrialAsync(request with { Limits = new TrialLimits(3, 0) }, Cancellation)).Failure!;
        Assert.InRange(watch.Elapsed.TotalSeconds, 2, 10);
        Assert.Equal(FailureKind.Hang, failure.Kind);
        Assert.Contains(Path.Combine(_folder.Path, "script"), failure.Message, StringComparison.Ordinal);
        Assert.Empty(Sleepers());
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("trial")]
    public async Task A_program_and_its_children_die_with_the_agent_and_with_the_trial(string victim)
    {
        Allow($"{Sleeper(120)} & {Sleeper(120)}; exit 1");
        await using AgentConnection agent = await ConnectAsync();
        Task<TrialOutcome> running = agent.RunTrialAsync(Request(), Cancellation);
        await Processes.UntilAsync(() => Sleepers().Length == 2, 10, "the program's children");
        int trial = Processes.ChildrenOf(agent.Hello.ProcessId)[0];
        Processes.Kill(victim == "agent" ? agent.Hello.ProcessId : trial);
        TrialOutcome outcome = await running;
        Assert.Equal(victim == "agent" ? FailureKind.DeviceLost : FailureKind.Crash, outcome.Failure?.Kind);
        await Processes.UntilAsync(() => Processes.IsGone(trial) && Sleepers().Length == 0, 5, "the end of the program and its children");
    }

    [Fact]
    public async Task A_cancelled_trial_takes_its_program_along()
    {
        Allow(Sleeper(120));
        await using AgentConnection agent = await ConnectAsync();
        using CancellationTokenSource cancellation = new();
        Task<TrialOutcome> running = agent.RunTrialAsync(Request(), cancellation.Token);
        await Processes.UntilAsync(() => Sleepers().Length == 1, 10, "the program's child");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Processes.UntilAsync(() => Sleepers().Length == 0, 5, "the program's end");
    }

    // A copy of sleep under this test's own folder tells its processes from all others.
    private string Sleeper(int seconds)
    {
        string own = _folder.File("sleeper");
        if (!File.Exists(own)) File.Copy("/bin/sleep", own);
        return $"{own} {seconds}";
    }

    private int[] Sleepers() =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(folder => Path.GetFileName(folder)).Where(name => int.TryParse(name, out _)).Select(int.Parse)
            .Where(process => !Processes.IsGone(process) && CommandLine(process).StartsWith(_folder.File("sleeper"), StringComparison.Ordinal)),
    ];

    private static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private void Allow(string body)
    {
        string script = _folder.File("script"), list = _folder.File("external.json");
        File.WriteAllText(script, $"#!/bin/sh\n{body}\n");
        File.WriteAllText(list, $$"""{ "mine": { "path": "{{script}}", "arguments": ["{generate}", "{repetitions}", "{model}"] } }""");
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(script, Private | UnixFileMode.UserExecute);
        File.SetUnixFileMode(list, Private);
    }

    private async Task<AgentConnection> ConnectAsync()
    {
        ProcessStartInfo start = AgentProgram.Command(Path.Combine(AppContext.BaseDirectory, "edgebench-agent"), "serve");
        start.Environment["EDGEBENCH_CACHE"] = _folder.Path;
        return await AgentConnection.GreetAsync("real", AgentProcess.Start(start), Cancellation);
    }

    private static TrialRequest Request(string program = "mine") => Double.Request("measure") with
    {
        Backend = "external",
        BackendOptions = Json($$"""
            {
              "tool": "json-lines", "program": "{{program}}", "seconds": "took",
              "figures": [ { "path": "rate", "metric": "decode_tok_s", "unit": "tok/s", "definition": "tokens over the loop's time" } ]
            }
            """),
        Artifact = Double.Artifact with { Format = "gguf" },
        Reference = null,
        Workload = "single-stream",
        Parameters = Json("""{ "generate": 8 }"""),
        Sampling = new Sampling(0, 4, 0.25, 10),
    };

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();
}
