using System.Diagnostics;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Launching;
using EdgeBench.TrialDouble;

namespace EdgeBench.Agent.Tests;

public class AgentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_agent_says_who_it_is_and_survives_its_trials()
    {
        await using AgentConnection agent = await Double.ConnectAsync();
        Assert.Equal(Protocol.Version, agent.Hello.ProtocolVersion);
        Assert.Equal(Environment.ProcessorCount, agent.Hello.Device.Cores);
        Assert.Equal(FailureKind.Crash, (await agent.RunTrialAsync(Double.Request("segfault"), Cancellation)).Failure?.Kind);
        TrialOutcome good = await agent.RunTrialAsync(Double.Request("measure much"), Cancellation);
        Assert.Null(good.Failure);
        Assert.Equal(100_000, good.Series.Single(series => series.Metric == "decode_tok_s").Values.Length);
        Assert.Empty(Processes.ChildrenOf(agent.Hello.ProcessId));
        Assert.False(agent.IsLost);
    }

    [Fact]
    public async Task An_agent_knows_its_backends()
    {
        await using AgentConnection agent = await Double.ConnectAsync();
        TrialRequest request = Double.Request("measure");
        BackendReport fake = await agent.ProbeBackendAsync(new BackendQuery("fake", request.BackendOptions), Cancellation);
        BackendReport other = await agent.ProbeBackendAsync(new BackendQuery("other", request.BackendOptions), Cancellation);
        Assert.True(fake.Installed);
        Assert.False(other.Installed);
        Assert.Contains("'other'", other.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_calls_at_once_run_one_after_the_other()
    {
        await using AgentConnection agent = await Double.ConnectAsync();
        Task<TrialOutcome>[] both = [agent.RunTrialAsync(Double.Request("measure"), Cancellation), agent.RunTrialAsync(Double.Request("measure"), Cancellation)];
        TrialOutcome[] outcomes = [.. (await Task.WhenAll(both)).OrderBy(outcome => outcome.StartedAt)];
        Assert.All(outcomes, outcome => Assert.Null(outcome.Failure));
        Assert.True(outcomes[0].StartedAt.AddSeconds(outcomes[0].Seconds) <= outcomes[1].StartedAt.AddMilliseconds(5));
    }

    [Fact]
    public async Task An_artifact_that_is_absent_or_different_is_named()
    {
        await using AgentConnection agent = await Double.ConnectAsync();
        TrialRequest good = Double.Request("measure");
        foreach (ArtifactFile bad in new[]
        {
            good.Artifact with { Path = "/nowhere/model.gguf" },
            good.Artifact with { Bytes = good.Artifact.Bytes + 1 },
            good.Artifact with { Sha256 = new string('0', 64) },
        })
        {
            TrialOutcome outcome = await agent.RunTrialAsync(good with { Artifact = bad }, Cancellation);
            Assert.Equal(FailureKind.MissingArtifact, outcome.Failure?.Kind);
            Assert.Contains(bad.Path, outcome.Failure!.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_artifact_behind_a_link_is_the_file_that_it_leads_to()
    {
        await using AgentConnection agent = await Double.ConnectAsync();
        TrialRequest good = Double.Request("measure");
        string link = Path.Combine(Double.NewFolder(), "model.gguf"), dangling = Path.Combine(Double.NewFolder(), "model.gguf");
        File.CreateSymbolicLink(link, good.Artifact.Path);
        File.CreateSymbolicLink(dangling, "/nowhere/model.gguf");
        Assert.Null((await agent.RunTrialAsync(good with { Artifact = good.Artifact with { Path = link } }, Cancellation)).Failure);
        Assert.Contains("is not on the device", (await agent.RunTrialAsync(good with { Artifact = good.Artifact with { Path = dangling } }, Cancellation)).Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_file_that_is_absent_or_different_is_named()
    {
        await using AgentConnection agent = await Double.ConnectAsync();
        TrialRequest Request(DataFile file) => Double.Request("measure") with { Data = new Dictionary<string, DataFile> { ["text"] = file } };
        DataFile good = new(Double.Artifact.Path, Double.Artifact.Sha256);
        Assert.Null((await agent.RunTrialAsync(Request(good), Cancellation)).Failure);
        TrialFailure? absent = (await agent.RunTrialAsync(Request(good with { Path = "/nowhere/text" }), Cancellation)).Failure;
        TrialFailure? different = (await agent.RunTrialAsync(Request(good with { Sha256 = new string('0', 64) }), Cancellation)).Failure;
        Assert.Equal((FailureKind.MissingArtifact, FailureKind.MissingArtifact), (absent?.Kind, different?.Kind));
        Assert.Contains("'/nowhere/text' is not on the device", absent!.Message, StringComparison.Ordinal);
        Assert.Contains($"the hash of '{good.Path}' differs", different!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_says_that_its_artifact_was_in_the_page_cache()
    {
        await using AgentConnection agent = await Double.ConnectAsync();
        Assert.StartsWith("warm", (await agent.RunTrialAsync(Double.Request("measure"), Cancellation)).Facts["page_cache"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_the_agent_cannot_follow_fails_that_trial_alone()
    {
        await using AgentConnection agent = await Double.ConnectAsync();
        TrialRequest good = Double.Request("measure");
        TrialOutcome outcome = await agent.RunTrialAsync(good with { Artifact = good.Artifact with { Path = "\0" } }, Cancellation);
        Assert.NotNull(outcome.Failure);
        Assert.Equal(good.TrialId, outcome.TrialId);
        Assert.Null((await agent.RunTrialAsync(good, Cancellation)).Failure);
    }

    [Fact]
    public async Task An_answer_for_another_trial_is_a_protocol_failure()
    {
        await using AgentConnection agent = await Double.ConnectAsync("other-trial");
        TrialOutcome outcome = await agent.RunTrialAsync(Double.Request("measure"), Cancellation);
        Assert.Equal(("trial measure", FailureKind.Protocol), (outcome.TrialId, outcome.Failure?.Kind));
        Assert.Contains("answered for trial 'another'", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_call_kills_its_trial_and_the_next_one_runs()
    {
        await using AgentConnection agent = await Double.ConnectAsync();
        using CancellationTokenSource cancellation = new();
        Task<TrialOutcome> hanging = agent.RunTrialAsync(Double.Request("hang"), cancellation.Token);
        await Processes.UntilAsync(() => Processes.ChildrenOf(agent.Hello.ProcessId).Length == 1, 5, "a trial's process");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        Assert.Null((await agent.RunTrialAsync(Double.Request("measure"), Cancellation)).Failure);
    }

    [Fact]
    public async Task A_killed_agent_takes_its_trial_along_and_is_noticed_at_once()
    {
        await using AgentConnection agent = await Double.ConnectAsync();
        Task<TrialOutcome> running = agent.RunTrialAsync(Double.Request("hang"), Cancellation);
        await Processes.UntilAsync(() => Processes.ChildrenOf(agent.Hello.ProcessId).Length == 1, 5, "a trial's process");
        int trial = Processes.ChildrenOf(agent.Hello.ProcessId)[0];
        await Task.Delay(300, Cancellation);

        Stopwatch watch = Stopwatch.StartNew();
        Processes.Kill(agent.Hello.ProcessId);
        TrialOutcome outcome = await running;
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 2);
        Assert.Equal(FailureKind.DeviceLost, outcome.Failure?.Kind);
        Assert.Contains("killed by signal 9", outcome.Failure!.Message, StringComparison.Ordinal);
        await Processes.UntilAsync(() => Processes.IsGone(trial), 2, "the trial's end");
        Assert.True(agent.IsLost);
        Assert.Equal(FailureKind.DeviceLost, (await agent.RunTrialAsync(Double.Request("measure"), Cancellation)).Failure?.Kind);
    }

    [Fact]
    public async Task A_killed_trial_is_a_crash_and_the_agent_goes_on()
    {
        await using AgentConnection agent = await Double.ConnectAsync();
        Task<TrialOutcome> running = agent.RunTrialAsync(Double.Request("hang"), Cancellation);
        await Processes.UntilAsync(() => Processes.ChildrenOf(agent.Hello.ProcessId).Length == 1, 5, "a trial's process");
        Processes.Kill(Processes.ChildrenOf(agent.Hello.ProcessId)[0]);
        TrialOutcome outcome = await running;
        Assert.Equal(FailureKind.Crash, outcome.Failure?.Kind);
        Assert.Null((await agent.RunTrialAsync(Double.Request("measure"), Cancellation)).Failure);
    }

    [Fact]
    public async Task A_killed_controller_takes_agent_and_trial_along()
    {
        using Process controller = Process.Start(Double.InFolder(AgentProgram.Command(Double.Program, "controller", EdgeBenchJson.Serialize(Double.Request("hang")))))!;
        int agent = int.Parse((await controller.StandardOutput.ReadLineAsync(Cancellation))!);
        await Processes.UntilAsync(() => Processes.ChildrenOf(agent).Length == 1, 5, "a trial's process");
        int trial = Processes.ChildrenOf(agent)[0];
        controller.Kill();
        await Processes.UntilAsync(() => Processes.IsGone(agent) && Processes.IsGone(trial), 3, "the end of agent and trial");
    }

    [Fact]
    public async Task An_agent_whose_parent_dies_ends_though_its_input_stays_open()
    {
        ProcessStartInfo shell = AgentProgram.Command("/bin/sh", "-c", "\"$0\" serve; exit 0", Double.Program);
        using Process parent = Process.Start(Double.InFolder(shell))!;
        await Processes.UntilAsync(() => Processes.ChildrenOf(parent.Id).Length == 1, 5, "the agent");
        int agent = Processes.ChildrenOf(parent.Id)[0];
        await Processes.UntilAsync(() => Processes.HasThread(agent, "parent watch"), 10, "the agent's watch");
        parent.Kill();
        await Processes.UntilAsync(() => Processes.IsGone(agent), 10, "the agent's end");
    }

    [Fact]
    public async Task An_agent_that_leads_a_session_serves_as_well()
    {
        await using AgentConnection agent = await Double.GreetAsync(Double.InFolder(AgentProgram.Command("setsid", "--wait", Double.Program, "serve")));
        Assert.Null((await agent.RunTrialAsync(Double.Request("measure"), Cancellation)).Failure);
    }

    [Fact]
    public async Task Disposing_ends_the_agent_and_its_trial()
    {
        AgentConnection agent = await Double.ConnectAsync();
        int process = agent.Hello.ProcessId;
        Task<TrialOutcome> running = agent.RunTrialAsync(Double.Request("hang"), Cancellation);
        await Processes.UntilAsync(() => Processes.ChildrenOf(process).Length == 1, 5, "a trial's process");
        int trial = Processes.ChildrenOf(process)[0];
        await agent.DisposeAsync();
        await Processes.UntilAsync(() => Processes.IsGone(process) && Processes.IsGone(trial), 3, "the end of agent and trial");
        Assert.Equal(FailureKind.DeviceLost, (await running).Failure?.Kind);
    }

    [Fact]
    public async Task Another_protocol_is_refused_by_name()
    {
        EdgeBenchException refusal = await Assert.ThrowsAsync<EdgeBenchException>(() => Double.ConnectAsync("other-version"));
        Assert.Contains($"speaks protocol {ForeignAgents.Version}; expected protocol {Protocol.Version}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Infrastructure, refusal.ExitCode);
    }

    [Theory]
    [InlineData("huge-message", "1099511627776 bytes")]
    [InlineData("nonsense", "'nonsense'; expected 'serve'")]
    public async Task What_is_no_agent_is_refused_with_its_words(string verb, string words)
    {
        AgentLostException refusal = await Assert.ThrowsAsync<AgentLostException>(() => Double.ConnectAsync(verb));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_refuses_an_oversized_message_and_says_so()
    {
        using Process agent = Process.Start(Double.InFolder(AgentProgram.Command(Double.Program, "serve")))!;
        await agent.StandardInput.WriteAsync("Content-Length: 1099511627776\r\n\r\n{");
        await agent.StandardInput.FlushAsync(Cancellation);
        Task<string> words = agent.StandardError.ReadToEndAsync(Cancellation);
        await agent.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        Assert.Equal((int)ExitCode.Infrastructure, agent.ExitCode);
        Assert.Contains("1099511627776 bytes", await words, StringComparison.Ordinal);
    }
}
