using EdgeBench.Core.Cells;
using EdgeBench.Core.Devices;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Devices;
using EdgeBench.Devices.Facts;
using EdgeBench.KernelBenchmarks.Cases;
using EdgeBench.KernelBenchmarks.Measuring;
using EdgeBench.Kernels.Packed;
using EdgeBench.Running.Execution;
using EdgeBench.Running.Journal;
using EdgeBench.Running.Planning;

namespace EdgeBench.KernelBenchmarks;

/// <summary>Measures kernels on this machine, each with the peaks of its minute, into a run as any other: what was measured before is kept, and reports are made of it.</summary>
public sealed class KernelRun(KernelRequest request, IRunObserver observer)
{
    /// <summary>Throws <see cref="EdgeBenchException"/> and <see cref="OperationCanceledException"/>; what was measured by then is kept.</summary>
    public StoredRun Run(CancellationToken cancellation)
    {
        SystemRoot root = SystemRoot.Real;
        DeviceFacts device = LocalFacts.Read(root);
        IReadOnlyList<KernelCase> all = KernelCatalog.All(request.Threads), asked = Asked(all);
        Refuse(device, asked);
        BenchmarkJob job = new(request.Thorough);
        JournalCell[] cells = [.. asked.Select(one => KernelCells.Of(one, device, job))];
        using RunFolder folder = RunFolder.Open(request.Folder, request.Fresh);
        using ProcessLock measuring = Measuring();
        folder.Journal.Begin(Path.GetFileName(folder.Path), "Kernels on the shapes of models, each beside the peaks of its minute.",
            EdgeBenchJson.Serialize(new { request.Filter, request.Threads, request.Thorough }), Facts(job));
        folder.Journal.PutDevice(KernelCells.Device, device);
        folder.Journal.SetPlan(cells, [], all.Count - asked.Count);
        Measure(folder.Journal, root, device, asked, cells, job, cancellation);
        return folder.Journal.Read();
    }

    private IReadOnlyList<KernelCase> Asked(IReadOnlyList<KernelCase> all) =>
        request.Filter is { } filter ? NameFilter<KernelCase>.Parse(filter, KernelCatalog.Vocabulary).Among(all, "kernels") : all;

    private static void Refuse(DeviceFacts device, IReadOnlyList<KernelCase> asked)
    {
        if (device.Emulated)
            throw EdgeBenchException.BadInput($"this machine is emulated ({device.Processor})", "a real one: an emulator's speed says nothing about it", "Run the kernels' tests there instead.");
        KernelCase largest = asked.MaxBy(one => one.MemoryBytes)!;
        long available = Math.Min(LocalFacts.Kilobytes(SystemRoot.Real, "proc/meminfo", "MemAvailable") ?? device.MemoryBytes, device.MemoryBytes);
        if (largest.MemoryBytes * 2 > available)
        {
            throw EdgeBenchException.BadInput($"'{largest.Id}' takes {largest.MemoryBytes >> 20} MiB, and {available >> 20} MiB are available", "twice as much as the largest kernel takes",
                "Leave it out with --filter.");
        }
    }

    // Whatever else runs is seen as load of others; two of these would each look quiet to themselves.
    private static ProcessLock Measuring()
    {
        Directory.CreateDirectory(CacheFolders.Machine);
        return ProcessLock.TryAcquire(Path.Combine(CacheFolders.Machine, "kernels.lock")) ?? throw EdgeBenchException.Infrastructure(
            "kernels are being measured by another process on this machine", "one at a time", "Wait for it to end.");
    }

    private Dictionary<string, string> Facts(BenchmarkJob job)
    {
        string folder = Environment.CurrentDirectory;
        Dictionary<string, string> facts = Provenance.Collect(folder, ContentHash.OfText(request.Filter ?? ""), request.CommandLine, seed: 0);
        facts["kernel_set_in_use"] = KernelSets.Current.Name;
        facts["kernel_sets_not_here"] = string.Join("; ", KernelSets.All.Where(set => !set.IsSupported).Select(set => $"{set.Name} needs {set.Missing}"));
        facts["benchmark"] = $"BenchmarkDotNet {typeof(BenchmarkDotNet.Running.BenchmarkRunner).Assembly.GetName().Version}, {job.Words}";
        return facts;
    }

    private void Measure(RunJournal journal, SystemRoot root, DeviceFacts device, IReadOnlyList<KernelCase> asked, JournalCell[] cells, BenchmarkJob job, CancellationToken cancellation)
    {
        IReadOnlySet<(string Key, int Session)> done = journal.Succeeded();
        (KernelCase Case, JournalCell Cell)[] open = [.. asked.Zip(cells).Where(pair => !done.Contains((pair.Second.Key, 0)))];
        observer.On(new Notice($"{cells.Length} kernels, {cells.Length - open.Length} already measured; about {open.Length * job.Seconds / 60:0.0} min", Warning: false));
        if (open.Length == 0) return;
        string artifacts = Path.Combine(Path.GetTempPath(), $"edgebench-kernels-{Environment.ProcessId}");
        using KernelContext context = new(root, device, request.Threads);
        if (context.Missing is { } missing) observer.On(new Notice(missing, Warning: true));
        try
        {
            for (int i = 0; i < open.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                TimeSpan left = TimeSpan.FromSeconds((open.Length - i - 1) * job.Seconds);
                observer.On(new TrialStarted(open[i].Case.Id, 0, i, open.Length, left));
                TrialOutcome outcome = One(open[i].Case, context, job, artifacts);
                journal.AddTrial(open[i].Cell.Key, 0, i, outcome);
                observer.On(new TrialEnded(open[i].Case.Id, 0, i + 1, open.Length, outcome, left, Tier.Measured));
            }
        }
        finally
        {
            if (Directory.Exists(artifacts)) Directory.Delete(artifacts, recursive: true);
        }
    }

    private static TrialOutcome One(KernelCase one, KernelContext context, BenchmarkJob job, string artifacts)
    {
        KernelTrial trial = new(one, context);
        (IReadOnlyList<(double, double)> stretches, string? problem) = job.Run(trial, artifacts);
        TrialFailure? failure = problem is null && stretches.Count > 0 ? null : new TrialFailure(FailureKind.Crash, problem ?? "no stretch was measured");
        return new TrialOutcome
        {
            TrialId = Guid.NewGuid().ToString("N"),
            StartedAt = trial.StartedAt,
            Seconds = (DateTimeOffset.UtcNow - trial.StartedAt).TotalSeconds,
            Failure = failure,
            Series = failure is null ? KernelOutcome.Series(trial, stretches) : [],
            Conditions = new Dictionary<string, double>(trial.Conditions),
            Facts = trial.Roof is { } roof ? new Dictionary<string, string> { [Core.Metrics.KernelFigures.Roof] = roof } : [],
        };
    }
}
