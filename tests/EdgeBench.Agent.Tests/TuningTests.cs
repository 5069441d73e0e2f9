using EdgeBench.Core.Configuration;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Agent.Tests;

public sealed class TuningTests : IDisposable
{
    private readonly RecordedBoard _board = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _board.Dispose();

    private static TrialRequest Tuned(string deed) => Double.Request(deed) with { Tuning = RecordedBoard.Performance };

    [Fact]
    public async Task A_device_is_tuned_for_its_trial_and_put_back_after_it()
    {
        await using AgentConnection agent = await _board.ConnectAsync();
        TrialOutcome outcome = await agent.RunTrialAsync(Tuned("measure"), Cancellation);
        Assert.Null(outcome.Failure);
        Assert.Equal("performance (was schedutil)", outcome.Facts["tuning_governor"]);
        Assert.Equal("schedutil", _board.Governor);
        Assert.Empty(_board.OpenRecords);
    }

    [Theory]
    [InlineData("segfault")]
    [InlineData("throw")]
    public async Task A_trial_that_fails_leaves_no_device_tuned(string deed)
    {
        await using AgentConnection agent = await _board.ConnectAsync();
        Assert.NotNull((await agent.RunTrialAsync(Tuned(deed), Cancellation)).Failure);
        Assert.Equal("schedutil", _board.Governor);
    }

    [Fact]
    public async Task A_cancelled_trial_leaves_no_device_tuned()
    {
        await using AgentConnection agent = await _board.ConnectAsync();
        using CancellationTokenSource cancellation = new();
        Task<TrialOutcome> hanging = agent.RunTrialAsync(Tuned("hang"), cancellation.Token);
        await Processes.UntilAsync(() => _board.Governor == "performance", 10, "the tuning");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        await Processes.UntilAsync(() => _board.Governor == "schedutil", 10, "the governor as it was");
    }

    [Fact]
    public async Task A_killed_agent_leaves_no_device_tuned()
    {
        await using AgentConnection agent = await _board.ConnectAsync();
        Task<TrialOutcome> hanging = agent.RunTrialAsync(Tuned("hang"), Cancellation);
        await Processes.UntilAsync(() => _board.Governor == "performance", 10, "the tuning");
        Processes.Kill(agent.Hello.ProcessId);
        Assert.Equal(FailureKind.DeviceLost, (await hanging).Failure?.Kind);
        await Processes.UntilAsync(() => _board.Governor == "schedutil" && _board.OpenRecords.Length == 0, 20, "the governor as it was");
        await Processes.UntilAsync(() => RecordedBoard.GuardsOf(agent.Hello.ProcessId).Length == 0, 20, "the guard's end");
    }

    [Fact]
    public async Task A_device_that_was_left_tuned_is_put_back_when_the_next_agent_starts()
    {
        AgentConnection first = await _board.ConnectAsync();
        Task<TrialOutcome> hanging = first.RunTrialAsync(Tuned("hang"), Cancellation);
        await Processes.UntilAsync(() => _board.Governor == "performance" && RecordedBoard.GuardsOf(first.Hello.ProcessId).Length == 1, 10, "the tuning and its guard");
        // Both at once, as a container or a job that ends takes everything along.
        Processes.Kill(RecordedBoard.GuardsOf(first.Hello.ProcessId)[0]);
        Processes.Kill(first.Hello.ProcessId);
        await hanging;
        await first.DisposeAsync();
        Assert.Equal("performance", _board.Governor);

        await using AgentConnection second = await _board.ConnectAsync();
        Assert.Equal("schedutil", _board.Governor);
        Assert.Empty(_board.OpenRecords);
    }

    [Fact]
    public async Task A_device_is_guarded_once_and_not_after_its_agents_end()
    {
        AgentConnection agent = await _board.ConnectAsync();
        Assert.Null((await agent.RunTrialAsync(Tuned("measure"), Cancellation)).Failure);
        Assert.Null((await agent.RunTrialAsync(Tuned("measure"), Cancellation)).Failure);
        int process = agent.Hello.ProcessId;
        await Processes.UntilAsync(() => RecordedBoard.GuardsOf(process).Length == 1, 10, "one guard");
        await agent.DisposeAsync();
        await Processes.UntilAsync(() => RecordedBoard.GuardsOf(process).Length == 0, 20, "the guard's end");
    }

    [Fact]
    public async Task An_untuned_trial_has_no_guard_and_no_record()
    {
        await using AgentConnection agent = await _board.ConnectAsync();
        Assert.Null((await agent.RunTrialAsync(Double.Request("measure"), Cancellation)).Failure);
        Assert.Empty(RecordedBoard.GuardsOf(agent.Hello.ProcessId));
        Assert.False(Directory.Exists(_board.Records));
    }

    [Fact]
    public async Task A_trial_waits_for_its_device_to_cool_down_and_says_how_long()
    {
        await using AgentConnection agent = await _board.ConnectAsync();
        TrialRequest request = Double.Request("measure") with { Cooldown = new CooldownSpec { Below = 60, Rest = TimeSpan.FromMilliseconds(200) } };
        TrialOutcome outcome = await agent.RunTrialAsync(request, Cancellation);
        Assert.Null(outcome.Failure);
        Assert.InRange(outcome.Conditions["cooldown_s"], 0.19, 5);
        Assert.Equal((45, 0), (outcome.Conditions["cooldown_temperature_c"], outcome.Conditions["cooldown_exceeded"]));
        Assert.Equal(45, outcome.Conditions["temperature_c_before.cpu-thermal"]);
        Assert.Equal(1800, outcome.Conditions["clock_mhz_after.cpu0"]);
    }

    [Fact]
    public async Task A_device_that_stays_hot_runs_its_trial_and_says_so()
    {
        _board.Write("sys/class/thermal/thermal_zone0/temp", "85000\n");
        await using AgentConnection agent = await _board.ConnectAsync();
        TrialRequest request = Double.Request("measure") with { Cooldown = new CooldownSpec { Below = 60, Limit = TimeSpan.FromMilliseconds(100) } };
        TrialOutcome outcome = await agent.RunTrialAsync(request, Cancellation);
        Assert.Null(outcome.Failure);
        Assert.Equal((85, 1), (outcome.Conditions["cooldown_temperature_c"], outcome.Conditions["cooldown_exceeded"]));
    }

    [Fact]
    public async Task The_doctor_examines_the_agents_device()
    {
        await using AgentConnection agent = await _board.ConnectAsync();
        DoctorReport report = await agent.DoctorAsync(new DoctorQuery([new BackendQuery("fake", Double.Request("measure").BackendOptions), new BackendQuery("other", Double.Request("measure").BackendOptions)], []), Cancellation);
        Assert.InRange((DateTimeOffset.UtcNow - report.Clock).TotalSeconds, -1, 10);
        Assert.Contains(report.Findings, finding => finding is { Check: "governor", Severity: Severity.Warning, Message: "governor schedutil" });
        Assert.Contains(report.Findings, finding => finding is { Check: "runtimes", Severity: Severity.Good, Message: "fake 1.0" });
        DoctorFinding missing = Assert.Single(report.Findings, finding => finding is { Check: "runtimes", Severity: Severity.Warning });
        Assert.Contains("'other'", missing.Message, StringComparison.Ordinal);
        Assert.NotNull(missing.Remedy);
    }
}
