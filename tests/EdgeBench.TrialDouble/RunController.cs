using System.Text.Json;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Sources;
using EdgeBench.Running.Configuration;
using EdgeBench.Running.Execution;
using EdgeBench.Running.Journal;
using EdgeBench.Running.Planning;

namespace EdgeBench.TrialDouble;

/// <summary>
/// A run as <c>edgebench run</c> makes it, from its lock and journal through the dispatcher to the device, but for planning and building: cells and files are
/// given. Each event is a line on standard output.
/// </summary>
internal static class RunController
{
    /// <param name="path">File with a <see cref="ControllerJob"/>.</param>
    public static async Task<int> RunAsync(string path)
    {
        ControllerJob job = EdgeBenchJson.Deserialize<ControllerJob>(await File.ReadAllTextAsync(path));
        ControllerEvents events = new();
        try
        {
            using ProcessLock held = RunLock.Take(job.Folder);
            using RunJournal journal = RunJournal.Open(job.Folder, fresh: false);
            await using DeviceSession device = await DeviceSession.StartAsync(job.Device, events, CancellationToken.None);
            events.Device = device;
            ReadyCell[] cells = [.. job.Cells.Select(cell => Ready(cell, job))];
            journal.PutDevice(device.Name, device.Facts);
            journal.Begin("faults", null, "{}", new Dictionary<string, string>());
            journal.SetPlan([.. cells.Select(cell => cell.Planned)], []);
            MeasureSpec measure = new() { Sessions = job.Sessions, TimeLimit = TimeSpan.FromSeconds(job.TimeLimit), MemoryLimit = job.MemoryLimit };
            Dictionary<string, DeviceSession> devices = new() { [device.Name] = device };
            TrialLedger ledger = new(journal, cells, Nothing(job.Device).Plan, events);
            TrialRequests requests = new(measure, job.Seed, new Dictionary<string, DataFile>());
            await new Dispatcher(ledger, requests, cells, devices, job.Seed, BatchRun.Of(journal, job.Folder)).RunAsync(CancellationToken.None);
            return (int)ExitCode.Done;
        }
        catch (EdgeBenchException error)
        {
            ControllerEvents.Say("error", error.Message);
            return (int)error.ExitCode;
        }
    }

    private static ReadyCell Ready(ControllerCell cell, ControllerJob job)
    {
        JsonElement none = JsonSerializer.SerializeToElement(new { });
        ArtifactDescription artifact = new()
        {
            Id = cell.Name,
            Format = "fake",
            Path = cell.Artifact,
            Sha256 = ContentHash.OfFile(cell.Artifact),
            FileBytes = new FileInfo(cell.Artifact).Length,
            WeightBytes = 1,
            Parameters = 1,
            Architecture = "fake",
            Types = [],
        };
        WorkloadSpec workload = new(cell.Name, MisbehavingWorkload.TypeName, "misbehave", 1, JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["do"] = cell.Deed }));
        return new ReadyCell
        {
            Planned = new JournalCell
            {
                Key = cell.Name,
                Cell = Cell.Of(new ModelSpec { Name = cell.Name, Source = "file:" + cell.Artifact }, new RecipeSpec("none", []), new BackendSpec(FakeBackend.TypeName, FakeBackend.TypeName, none), job.Device, workload),
                Tier = Tier.Measured,
                PlannedTrials = job.Sessions,
                MinSamples = 1,
                MinDuration = 0,
                ExpectedMetrics = [],
                IsQuality = false,
            },
            Artifact = new BuiltArtifact(cell.Name, artifact, null),
            Files = [],
            EstimatedSeconds = 1,
        };
    }

    // The dispatcher hands it to whoever shows progress, and nothing more.
    private static PlannedRun Nothing(DeviceSpec device) => new(
        new LoadedBench(new BenchConfiguration { Name = "faults", Models = [], Recipes = [], Backends = [], Devices = [device], Workloads = [] }, "", "", "", ""),
        new Plan { Name = "faults", Cells = [], Excluded = [], FilteredOut = 0, Artifacts = [] },
        new Dictionary<string, CheckpointOutline>(), new Dictionary<string, string>());
}
