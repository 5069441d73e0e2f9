using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Agent.Tests;

public class LeaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_controller_is_told_who_holds_the_device_and_has_it_after()
    {
        string folder = Double.NewFolder();
        await using AgentConnection second = await Double.ConnectAsync(folder: folder);
        long epoch;
        await using (AgentConnection first = await Double.ConnectAsync(folder: folder))
        {
            LeaseAnswer held = await first.TakeLeaseAsync(Request("ann", "a"), Cancellation);
            Assert.Null(held.Busy);
            Assert.Equal(held, await first.TakeLeaseAsync(Request("ann", "a"), Cancellation));
            epoch = held.Epoch;
            LeaseAnswer refused = await second.TakeLeaseAsync(Request("bob", "b"), Cancellation);
            Assert.Equal((0, "ann"), (refused.Epoch, refused.Busy?.Holder));
        }
        LeaseAnswer taken = await second.TakeLeaseAsync(Request("bob", "b"), Cancellation);
        Assert.Equal((epoch + 1, null), (taken.Epoch, taken.Busy));
    }

    [Fact]
    public async Task Two_agents_on_one_device_run_their_trials_one_after_the_other()
    {
        string folder = Double.NewFolder();
        async Task<TrialOutcome> RunAsync()
        {
            await using AgentConnection agent = await Double.ConnectAsync(folder: folder);
            return await agent.RunTrialAsync(Double.Request("measure"), Cancellation);
        }

        TrialOutcome[] outcomes = [.. (await Task.WhenAll(RunAsync(), RunAsync())).OrderBy(outcome => outcome.StartedAt)];
        Assert.All(outcomes, outcome => Assert.Null(outcome.Failure));
        Assert.True(outcomes[0].StartedAt.AddSeconds(outcomes[0].Seconds) <= outcomes[1].StartedAt.AddMilliseconds(5));
        Assert.NotEqual(outcomes[0].LeaseEpoch, outcomes[1].LeaseEpoch);
    }

    [Fact]
    public async Task A_killed_holder_leaves_the_device_free()
    {
        string folder = Double.NewFolder();
        await using AgentConnection first = await Double.ConnectAsync(folder: folder);
        await using AgentConnection second = await Double.ConnectAsync(folder: folder);
        await first.TakeLeaseAsync(Request("ann", "a"), Cancellation);
        Processes.Kill(first.Hello.ProcessId);
        await Processes.UntilAsync(() => Processes.IsGone(first.Hello.ProcessId), 3, "the holder's end");
        Assert.Null((await second.TakeLeaseAsync(Request("bob", "b"), Cancellation)).Busy);
    }

    [Fact]
    public async Task A_stopped_holder_is_ended()
    {
        string folder = Double.NewFolder();
        await using AgentConnection first = await Double.ConnectAsync(folder: folder);
        await using AgentConnection second = await Double.ConnectAsync(folder: folder);
        await first.TakeLeaseAsync(Request("ann", "a"), Cancellation);
        Processes.Signal(first.Hello.ProcessId, "STOP");
        Assert.Null((await second.TakeLeaseAsync(Request("bob", "b"), Cancellation)).Busy);
        await Processes.UntilAsync(() => Processes.IsGone(first.Hello.ProcessId), 3, "the holder's end");
    }

    [Fact]
    public async Task What_the_same_session_left_behind_is_ended_with_its_trial()
    {
        string folder = Double.NewFolder();
        await using AgentConnection first = await Double.ConnectAsync(folder: folder);
        await first.TakeLeaseAsync(Request("ann", "a"), Cancellation);
        Task<TrialOutcome> lost = first.RunTrialAsync(Double.Request("hang"), Cancellation);
        await Processes.UntilAsync(() => Processes.ChildrenOf(first.Hello.ProcessId).Length == 1, 5, "a trial's process");
        int trial = Processes.ChildrenOf(first.Hello.ProcessId)[0];

        await using AgentConnection again = await Double.ConnectAsync(folder: folder);
        Assert.Null((await again.TakeLeaseAsync(Request("ann", "a"), Cancellation)).Busy);
        Assert.Equal(FailureKind.DeviceLost, (await lost).Failure?.Kind);
        await Processes.UntilAsync(() => Processes.IsGone(trial), 3, "the trial's end");
        Assert.Null((await again.RunTrialAsync(Double.Request("measure"), Cancellation)).Failure);
    }

    [Fact]
    public async Task A_trial_whose_lease_was_taken_over_is_no_measurement()
    {
        string folder = Double.NewFolder();
        await using AgentConnection agent = await Double.ConnectAsync(folder: folder);
        long epoch = (await agent.TakeLeaseAsync(Request("ann", "a"), Cancellation)).Epoch;
        string record = Path.Combine(folder, "lease.json");
        await File.WriteAllTextAsync(record, (await File.ReadAllTextAsync(record, Cancellation)).Replace($"\"epoch\":{epoch}", $"\"epoch\":{epoch + 1}", StringComparison.Ordinal), Cancellation);
        TrialOutcome outcome = await agent.RunTrialAsync(Double.Request("measure"), Cancellation);
        Assert.Equal(FailureKind.DeviceLost, outcome.Failure?.Kind);
        Assert.Empty(outcome.Series);
        Assert.Contains($"lease {epoch}", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outcome_is_kept_until_it_is_acknowledged()
    {
        string folder = Double.NewFolder();
        TrialOutcome first;
        await using (AgentConnection agent = await Double.ConnectAsync(folder: folder))
        {
            await agent.TakeLeaseAsync(Request("ann", "a") with { KeepOutcomes = true }, Cancellation);
            first = await agent.RunTrialAsync(Double.Request("measure"), Cancellation);
        }
        await using AgentConnection again = await Double.ConnectAsync(folder: folder);
        TrialOutcome? kept = await again.FindOutcomeAsync(first.TrialId, Cancellation);
        Assert.Equal((first.TrialId, first.LeaseEpoch, first.Series.Count), (kept?.TrialId, kept?.LeaseEpoch, kept?.Series.Count));
        Assert.Null(await again.FindOutcomeAsync("../" + first.TrialId, Cancellation));
        await again.AcknowledgeAsync(first.TrialId, Cancellation);
        Assert.Null(await again.FindOutcomeAsync(first.TrialId, Cancellation));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "outcomes")));
    }

    private static LeaseRequest Request(string holder, string session) => new(holder, session, KeepOutcomes: false);
}
