using System.Diagnostics;
using System.Security.Cryptography;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Remote.Tests.Faults;
using EdgeBench.Running.Execution;
using EdgeBench.Testing;

namespace EdgeBench.Remote.Tests;

/// <summary>What a run does when the way to its device is cut, with real ssh, sshd, agent and trial processes.</summary>
[Collection(nameof(Collection))]
public sealed class LinkTests : IDisposable
{
    private readonly LoopbackSshd _sshd;
    private readonly TemporaryFolder _here = new();
    private readonly Notices _notices = new();

    public LinkTests(LoopbackSshd sshd) => _sshd = sshd;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task A_trial_runs_on_the_device_with_the_files_that_it_needs()
    {
        _sshd.Require();
        string folder = _sshd.NewPath();
        await using DeviceSession device = await DeviceSession.StartAsync(_sshd.Device(folder), _notices, Cancellation);
        string artifact = NewArtifact(5 << 20);
        TrialOutcome outcome = await device.RunAsync(Device.Request("measure", artifact), Cancellation);
        Assert.Null(outcome.Failure);
        Assert.NotEmpty(outcome.Series);
        Assert.Equal(ContentHash.OfFile(artifact), ContentHash.OfFile(Assert.Single(Directory.GetFiles(folder, "model.gguf", SearchOption.AllDirectories))));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "outcomes")));
    }

    [Fact]
    public async Task An_upload_that_is_cut_goes_on_where_it_was()
    {
        _sshd.Require();
        const long Bytes = 200 << 20;
        string folder = _sshd.NewPath();
        using CutLink link = new(_sshd.Port);
        await using DeviceSession device = await DeviceSession.StartAsync(_sshd.Device(folder, link.Port), _notices, Cancellation);
        TrialRequest request = Device.Request("measure", NewArtifact(Bytes));
        Task<TrialOutcome> running = device.RunAsync(request, Cancellation);
        await Device.UntilAsync(() => link.Passed > Bytes / 2, 60, "the upload");
        link.Break();
        Assert.Equal(FailureKind.DeviceLost, (await running).Failure?.Kind);
        long before = link.Passed;
        Assert.Null((await device.RunAsync(request, Cancellation)).Failure);
        // A third of the file would have been sent twice without resuming.
        Assert.InRange(link.Passed - before, Bytes / 10, Bytes / 3 * 2);
        Assert.Contains(_notices.Texts, text => text.Contains("was lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_that_breaks_loses_the_trial_in_flight_and_nothing_is_left_of_it()
    {
        _sshd.Require();
        using CutLink link = new(_sshd.Port);
        await using DeviceSession device = await DeviceSession.StartAsync(_sshd.Device(port: link.Port), _notices, Cancellation);
        Task<TrialOutcome> running = device.RunAsync(Device.Request("hang", NewArtifact(1000)), Cancellation);
        int trial = await TrialOfAsync(device);
        link.Break();
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(FailureKind.DeviceLost, (await running).Failure?.Kind);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
        await Device.UntilAsync(() => Device.IsGone(trial), 10, "the trial's end");
        Assert.Null((await device.RunAsync(Device.Request("measure", NewArtifact(1000)), Cancellation)).Failure);
    }

    [Fact]
    public async Task A_link_that_pauses_costs_nothing()
    {
        _sshd.Require();
        using CutLink link = new(_sshd.Port);
        await using DeviceSession device = await DeviceSession.StartAsync(_sshd.Device(port: link.Port), _notices, Cancellation);
        Task<TrialOutcome> running = device.RunAsync(Device.Request("measure", NewArtifact(1000)), Cancellation);
        link.Frozen = true;
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        link.Frozen = false;
        Assert.Null((await running).Failure);
        Assert.DoesNotContain(_notices.Texts, text => text.Contains("was lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_outcome_of_a_trial_that_ended_while_the_link_was_dead_is_picked_up()
    {
        _sshd.Require();
        string folder = _sshd.NewPath();
        using CutLink link = new(_sshd.Port);
        await using DeviceSession device = await DeviceSession.StartAsync(_sshd.Device(folder, link.Port), _notices, Cancellation);
        TrialRequest request = Device.Request("measure", NewArtifact(1000));
        Task<TrialOutcome> running = device.RunAsync(request, Cancellation);
        await TrialOfAsync(device);
        link.Frozen = true;
        Stopwatch watch = Stopwatch.StartNew();
        await Device.UntilAsync(() => _notices.Texts.Any(text => text.Contains("was lost", StringComparison.Ordinal)), 40, "the notice");
        Assert.InRange(watch.Elapsed.TotalSeconds, 5, 30);
        link.Break();
        link.Frozen = false;
        TrialOutcome outcome = await running;
        Assert.Null(outcome.Failure);
        Assert.Equal(request.TrialId, outcome.TrialId);
        Assert.NotEmpty(outcome.Series);
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "outcomes")));
    }

    [Fact]
    public async Task A_killed_agent_loses_its_trial_and_the_next_one_runs()
    {
        _sshd.Require();
        await using DeviceSession device = await DeviceSession.StartAsync(_sshd.Device(), _notices, Cancellation);
        Task<TrialOutcome> running = device.RunAsync(Device.Request("hang", NewArtifact(1000)), Cancellation);
        int trial = await TrialOfAsync(device);
        using (Process agent = Process.GetProcessById(device.AgentProcess)) agent.Kill();
        Assert.Equal(FailureKind.DeviceLost, (await running).Failure?.Kind);
        await Device.UntilAsync(() => Device.IsGone(trial), 5, "the trial's end");
        Assert.Null((await device.RunAsync(Device.Request("measure", NewArtifact(1000)), Cancellation)).Failure);
    }

    [Fact]
    public async Task An_agent_that_is_lost_between_two_trials_costs_none()
    {
        _sshd.Require();
        string folder = _sshd.NewPath();
        await using DeviceSession device = await DeviceSession.StartAsync(_sshd.Device(folder), _notices, Cancellation);
        Assert.Null((await device.RunAsync(Device.Request("measure", NewArtifact(1000)), Cancellation)).Failure);
        using (Process agent = Process.GetProcessById(device.AgentProcess)) agent.Kill();
        await Device.UntilAsync(() => !Device.ChildrenOf(Environment.ProcessId).Any(child => DeviceProcesses.Describe(child).Contains(folder, StringComparison.Ordinal)), 10, "the end of ssh");
        Assert.Null((await device.RunAsync(Device.Request("measure", NewArtifact(1000)), Cancellation)).Failure);
        Assert.Contains(_notices.Texts, text => text.Contains("between two trials", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_run_waits_and_says_for_whom()
    {
        _sshd.Require();
        string folder = _sshd.NewPath();
        DeviceSession first = await DeviceSession.StartAsync(_sshd.Device(folder), new Notices(), Cancellation);
        Assert.Null((await first.RunAsync(Device.Request("measure", NewArtifact(1000)), Cancellation)).Failure);
        await using DeviceSession second = await DeviceSession.StartAsync(_sshd.Device(folder), _notices, Cancellation);
        Task<TrialOutcome> waiting = second.RunAsync(Device.Request("measure", NewArtifact(1000)), Cancellation);
        await Device.UntilAsync(() => _notices.Texts.Any(text => text.Contains($"process {Environment.ProcessId}", StringComparison.Ordinal)), 10, "the notice");
        Assert.False(waiting.IsCompleted);
        await first.DisposeAsync();
        Assert.Null((await waiting).Failure);
    }

    [Fact]
    public async Task Two_names_of_one_device_do_not_wait_for_each_other()
    {
        _sshd.Require();
        string folder = _sshd.NewPath();
        await using DeviceSession first = await DeviceSession.StartAsync(_sshd.Device(folder), new Notices(), Cancellation);
        Assert.Null((await first.RunAsync(Device.Request("measure", NewArtifact(1000)), Cancellation)).Failure);
        await using DeviceSession twin = await DeviceSession.StartAsync(_sshd.Device(folder) with { Name = "twin" }, _notices, Cancellation);
        EdgeBenchException refusal = await Assert.ThrowsAsync<EdgeBenchException>(() => twin.RunAsync(Device.Request("measure", NewArtifact(1000)), Cancellation));
        Assert.Contains("devices 'twin' and 'board' are one", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<int> TrialOfAsync(DeviceSession device)
    {
        await Device.UntilAsync(() => Device.ChildrenOf(device.AgentProcess).Length == 1, 20, "a trial's process");
        return Device.ChildrenOf(device.AgentProcess)[0];
    }

    private string NewArtifact(long bytes)
    {
        string path = Path.Combine(Directory.CreateDirectory(_here.File(Guid.NewGuid().ToString("N"))).FullName, "model.gguf");
        byte[] block = new byte[1 << 20];
        using FileStream stream = File.Create(path);
        for (long left = bytes; left > 0; left -= block.Length)
        {
            RandomNumberGenerator.Fill(block);
            stream.Write(block, 0, (int)Math.Min(left, block.Length));
        }
        return path;
    }

    private sealed class Notices : IRunObserver
    {
        private readonly List<string> _texts = [];

        public IReadOnlyList<string> Texts
        {
            get
            {
                lock (_texts) return [.. _texts];
            }
        }

        public void On(RunEvent happened)
        {
            if (happened is not Notice notice) return;
            lock (_texts) _texts.Add(notice.Text);
        }
    }
}
