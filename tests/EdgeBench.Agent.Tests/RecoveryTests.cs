using System.Diagnostics;
using System.Security.Cryptography;
using EdgeBench.Agent.Serving;
using EdgeBench.Agent.Serving.Files;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Launching;
using EdgeBench.Devices.Transfer;
using EdgeBench.Testing;

namespace EdgeBench.Agent.Tests;

/// <summary>What an agent makes of what a killed one, a full disk or a clock that was set left behind.</summary>
public sealed class RecoveryTests : IDisposable
{
    private static readonly LeaseRequest s_lease = new("tests", "session", KeepOutcomes: true);

    private readonly TemporaryFolder _here = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task Files_that_had_their_names_when_an_agent_was_killed_do_not_stand_in_the_way()
    {
        string folder = Double.NewFolder(), path = _here.File("model.gguf");
        await File.WriteAllBytesAsync(path, RandomNumberGenerator.GetBytes(5000), Cancellation);
        LocalFile file = LocalFile.Of(path);
        string incoming = Path.Combine(folder, "incoming", ReceivedFiles.NameOf([new OfferedFile(file.Name, file.Bytes, file.Sha256)]));
        Directory.CreateDirectory(incoming);
        File.Copy(path, Path.Combine(incoming, file.Name));
        await using AgentConnection agent = await Double.ConnectAsync(folder: folder);
        await agent.TakeLeaseAsync(s_lease, Cancellation);
        SentFiles sent = await new FileSender(agent, 0).SendAsync([file], null, Cancellation);
        Assert.Null(sent.Failure);
        Assert.Equal([file.Name], Directory.GetFiles(sent.Folder!).Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_a_killed_agent_had_half_written_goes_with_the_next_lease_and_what_is_on_its_way_in_stays()
    {
        string folder = Double.NewFolder();
        string[] torn = ["lease.json.1-a.partial", "outcomes/b.json.1-c.partial", "tuning/tuning-d.json.1-e.partial"];
        string[] stays = ["incoming/set/0.partial", "outcomes/b.json"];
        foreach (string name in torn.Concat(stays))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            await File.WriteAllTextAsync(Path.Combine(folder, name), "{", Cancellation);
        }
        await using AgentConnection agent = await Double.ConnectAsync(folder: folder);
        await agent.TakeLeaseAsync(s_lease, Cancellation);
        Assert.All(torn, name => Assert.False(File.Exists(Path.Combine(folder, name)), name));
        Assert.All(stays, name => Assert.True(File.Exists(Path.Combine(folder, name)), name));
    }

    [Fact]
    public void A_clock_that_was_set_back_costs_no_new_outcome()
    {
        OutcomeStore store = new(_here.Path);
        for (int i = 0; i < 20; i++)
        {
            store.Keep(Outcome($"old {i}"));
            foreach (string kept in Directory.GetFiles(_here.File("outcomes"))) File.SetLastWriteTimeUtc(kept, DateTime.UtcNow.AddHours(1));
        }
        store.Keep(Outcome("new"));
        Assert.Equal("new", store.Find("new")?.TrialId);
        Assert.Equal(16, Directory.GetFiles(_here.File("outcomes")).Length);
    }

    [Fact]
    public async Task A_full_disk_costs_no_measurement_that_needs_none()
    {
        using SmallDisk disk = SmallDisk.Mount(8);
        await using AgentConnection agent = await Double.ConnectAsync(folder: disk.Path);
        await agent.TakeLeaseAsync(s_lease, Cancellation);
        disk.Fill();
        TrialOutcome outcome = await agent.RunTrialAsync(Double.Request("measure"), Cancellation);
        Assert.Null(outcome.Failure);
        Assert.NotEmpty(outcome.Series);
        Assert.Contains(outcome.Warnings, warning => warning.Contains("could not keep the outcome", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_trial_that_cannot_record_its_tuning_on_a_full_disk_says_so()
    {
        using SmallDisk disk = SmallDisk.Mount(8);
        ProcessStartInfo start = Double.InFolder(AgentProgram.Command(Double.Program, "serve"), disk.Path);
        start.Environment["EDGEBENCH_DOUBLE_ROOT"] = _here.Path;
        await using AgentConnection agent = await Double.GreetAsync(start);
        await agent.TakeLeaseAsync(s_lease, Cancellation);
        disk.Fill();
        TrialOutcome outcome = await agent.RunTrialAsync(Double.Request("measure") with { Tuning = new TuningSpec { Governor = "performance" } }, Cancellation);
        Assert.Equal(FailureKind.MissingArtifact, outcome.Failure?.Kind);
        Assert.Contains("disk is full", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    private static TrialOutcome Outcome(string id) => new() { TrialId = id, StartedAt = DateTimeOffset.UtcNow };
}
