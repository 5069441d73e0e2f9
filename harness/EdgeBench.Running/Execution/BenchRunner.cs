using EdgeBench.Backends;
using EdgeBench.Compression.Artifacts;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Devices;
using EdgeBench.Core.IO;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Core.Workloads;
using EdgeBench.Running.Configuration.Devices;
using EdgeBench.Running.Journal;
using EdgeBench.Running.Planning;
using EdgeBench.Suites;

namespace EdgeBench.Running.Execution;

/// <summary>What to run and where to keep it.</summary>
public sealed record RunRequest(PlannedRun Planned, string Folder, bool Fresh, string CommandLine);

/// <summary>
/// Carries a plan out: agents, artifacts, keys, then every missing trial, session by session in shuffled order, each journalled as it ends.
/// Resumes whatever the journal already holds.
/// </summary>
public sealed class BenchRunner(RunRequest request, IRunObserver observer)
{
    private const string SeedKey = "seed";

    private readonly SerialObserver _observer = new(observer);

    private BenchConfiguration Configuration => request.Planned.Configuration;

    /// <summary>Throws <see cref="EdgeBenchException"/>; whatever was measured before is kept.</summary>
    public async Task<StoredRun> RunAsync(CancellationToken cancellation)
    {
        using RunFolder folder = RunFolder.Open(request.Folder, request.Fresh);
        RunJournal journal = folder.Journal;
        ulong seed = Seed(journal);
        Dictionary<string, string> provenance = Provenance.Collect(request.Planned.Bench.BaseFolder, request.Planned.Bench.Hash, request.CommandLine, seed);

        Dictionary<string, DeviceSession> devices = [];
        try
        {
            foreach (DeviceSpec device in Configuration.Devices)
            {
                DeviceSession session = devices[device.Name] = await DeviceSession.StartAsync(device, _observer, cancellation);
                journal.PutDevice(device.Name, session.Facts);
                provenance[$"agent_version ({device.Name})"] = session.AgentVersion;
                if (session.AgentVersion != Provenance.HarnessVersion)
                    _observer.On(new Notice($"the agent on '{device.Name}' is version {session.AgentVersion}, this is {Provenance.HarnessVersion}", Warning: true));
            }
            journal.Begin(Configuration.Name, Configuration.Description, EdgeBenchJson.Serialize(Configuration), provenance);
            IReadOnlyDictionary<string, DataFile> data = request.Planned.HashedData();
            IReadOnlyList<ReadyCell> cells = await PrepareAsync(journal, devices, data, seed, cancellation);
            journal.SetPlan([.. cells.Select(cell => cell.Planned)], request.Planned.Plan.Excluded, request.Planned.Plan.FilteredOut);
            TrialLedger ledger = new(journal, cells, request.Planned.Plan, _observer);
            TrialRequests requests = new(Configuration.Measure, seed, data);
            await new Dispatcher(ledger, requests, cells, devices, seed, BatchRun.Of(journal, request.Folder)).RunAsync(cancellation);
        }
        finally
        {
            foreach (DeviceSession device in devices.Values) await device.DisposeAsync();
        }
        return journal.Read();
    }

    // What decides speed on a machine beside its name: a resumed run on fewer cores measures other cells.
    // Its name, too: boards from one image have one machine-id, and one machine may be reached in two ways. This machine keeps the keys that it had. A pool is
    // its kind of board: any of them may be asked first.
    private static string Identity(DeviceSession session)
    {
        DeviceFacts device = session.Facts;
        string? name = session.Name == DeviceReader.Local ? null : session.Name;
        return session.Pool is null
            ? EdgeBenchJson.Serialize(new { device.Id, device.Processor, device.Cores, device.MemoryBytes, device.Architecture, device.InstructionSets, Name = name })
            : EdgeBenchJson.Serialize(new { Pool = name, device.Processor, device.Cores, device.Architecture, device.InstructionSets });
    }

    // A resumed run keeps its seed, or its prompts and cell keys would change.
    private ulong Seed(RunJournal journal)
    {
        ulong seed = Configuration.Measure.Seed ?? (journal.Find(SeedKey) is { } text ? ulong.Parse(text) : (ulong)Random.Shared.NextInt64());
        journal.PutMetaDurably(SeedKey, seed.ToString());
        return seed;
    }

    private async Task<IReadOnlyList<ReadyCell>> PrepareAsync(
        RunJournal journal, Dictionary<string, DeviceSession> devices, IReadOnlyDictionary<string, DataFile> data, ulong seed, CancellationToken cancellation)
    {
        ModelStage models = new(request.Planned, new ArtifactStore(CacheFolders.Artifacts), data, _observer);
        HashSet<string> stored = [];
        List<ReadyCell> ready = [];
        foreach (PlannedCell plan in request.Planned.Plan.Cells)
        {
            Cell cell = plan.Cell;
            cancellation.ThrowIfCancellationRequested();
            IWorkload workload = WorkloadRegistry.Find(cell.Workload.Type);
            BackendReport backend = await devices[cell.Device.Name].BackendAsync(cell.Backend, cancellation);
            BuiltArtifact artifact = await models.ArtifactAsync(cell.Model, cell.Recipe, ReferenceBackend.FormatOf(cell.Backend), cancellation);
            WorkloadCost cost = workload.Cost(cell.Workload.Parameters, ReferenceBackend.NoData);
            BackendSpec? runner = ReferenceBackend.For(cell, request.Planned);
            BackendSpec? elsewhere = runner?.Name == cell.Backend.Name ? null : runner;
            BackendReport? referenceBackend = elsewhere is null ? null : await devices[cell.Device.Name].BackendAsync(elsewhere, cancellation);
            BuiltArtifact? reference = runner is null ? null : await models.ReferenceAsync(cell.Model, ReferenceBackend.FormatOf(runner), cancellation);
            foreach (ArtifactDescription description in new[] { artifact.Description, reference?.Description }.OfType<ArtifactDescription>())
                if (stored.Add(description.Id)) journal.PutArtifact(description);

            CellIngredients ingredients = new(artifact.Identity, ReferenceIdentity(reference, elsewhere, referenceBackend, data), Version(backend), Identity(devices[cell.Device.Name]),
                [.. workload.DataFiles(cell.Workload.Parameters).Select(file => data[file].Sha256)], seed)
            {
                BackendFiles = ReferenceBackend.FilesOf(cell.Backend, data),
            };
            ready.Add(new ReadyCell
            {
                Planned = Planned(plan, workload, cost, artifact, reference, CellKey.Of(cell, ingredients, Configuration.Measure)) with
                {
                    ReferenceBackend = elsewhere?.Name,
                    IsUncompressed = workload.IsQuality && await models.IsUncompressedAsync(cell.Model, cell.Recipe, cancellation),
                    Tier = devices[cell.Device.Name].Facts.Emulated ? Tier.Emulated : cell.Device.Tier,
                },
                Artifact = artifact,
                EstimatedSeconds = plan.Time.TotalSeconds / plan.Sessions,
                Reference = reference,
                ReferenceRunner = elsewhere,
                Files = [.. workload.DataFiles(cell.Workload.Parameters).Concat(OptionFiles(cell.Backend)).Concat(elsewhere is null ? [] : OptionFiles(elsewhere)).Distinct()],
                Refusal = artifact.Failure ?? reference?.Failure ?? Missing(cell.Backend, backend) ?? Missing(runner ?? cell.Backend, referenceBackend),
            });
        }
        return ready;
    }

    private static IReadOnlyList<string> OptionFiles(BackendSpec backend) => BackendRegistry.Find(backend.Type).DataFiles(backend.Options);

    private static string Version(BackendReport backend) => backend.Installed ? backend.Version ?? "unknown" : "absent";

    private static TrialFailure? Missing(BackendSpec backend, BackendReport? report) => report is null or { Installed: true }
        ? null
        : new TrialFailure(FailureKind.BackendMissing, $"backend '{backend.Name}' is not installed: {report.Problem}", report.Remedy);

    // What the reference is and, where another backend runs it, who does.
    private static string? ReferenceIdentity(BuiltArtifact? reference, BackendSpec? runner, BackendReport? report, IReadOnlyDictionary<string, DataFile> data) => runner is null
        ? reference?.Identity
        : EdgeBenchJson.Serialize(new { reference!.Identity, runner.Type, runner.Options, Version = Version(report!), Files = ReferenceBackend.FilesOf(runner, data) });

    private JournalCell Planned(PlannedCell plan, IWorkload workload, WorkloadCost cost, BuiltArtifact artifact, BuiltArtifact? reference, string key)
    {
        Cell cell = plan.Cell;
        MeasureSpec measure = Configuration.Measure;
        return new JournalCell
        {
            Key = key,
            Cell = cell,
            ArtifactId = artifact.Description?.Id,
            ReferenceId = reference?.Description?.Id,
            Tier = Tier.Measured,
            PlannedTrials = plan.Sessions,
            MinSamples = cost.Repeats ? measure.MinSamples : 1,
            MinDuration = cost.Repeats ? measure.MinDuration.TotalSeconds : 0,
            ExpectedMetrics = Expected(cell, workload, cost),
            IsQuality = workload.IsQuality,
        };
    }

    private static string[] Expected(Cell cell, IWorkload workload, WorkloadCost cost)
    {
        string[] sizes = [MetricRegistry.WeightBytes.Name, MetricRegistry.FileBytes.Name];
        if (BackendRegistry.Find(cell.Backend.Type) is IMeasuringBackend program && workload.Shape(cell.Workload.Parameters) is { } shape)
            return [.. program.Metrics(cell.Backend.Options, shape).Select(metric => metric.Name), .. sizes, MetricRegistry.PeakRss.Name];
        return
        [
            .. workload.Metrics(cell.Workload.Parameters).Select(metric => metric.Name), MetricRegistry.LoadTime.Name, MetricRegistry.KvBytes.Name, .. sizes,
            // A process that also holds the reference says nothing about the artifact's own memory.
            .. cost.UsesReference ? [] : new[] { MetricRegistry.PeakRss.Name },
        ];
    }
}

/// <summary>A planned cell with what its trials need.</summary>
internal sealed record ReadyCell
{
    public required JournalCell Planned { get; init; }

    public required BuiltArtifact Artifact { get; init; }

    public BuiltArtifact? Reference { get; init; }

    /// <summary>Runs the reference where the cell's own backend does not.</summary>
    public BackendSpec? ReferenceRunner { get; init; }

    /// <summary>Data files that its trials read, as the configuration names them: no more, for whatever is named here is sent.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>What one trial takes by the plan's estimate.</summary>
    public required double EstimatedSeconds { get; init; }

    /// <summary>Why no trial can start; null where one can.</summary>
    public TrialFailure? Refusal { get; init; }
}
