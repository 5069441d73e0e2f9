using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Agent.Trials;

/// <summary>Runs one trial in this process: resolve, refuse or open, run, report.</summary>
internal sealed class TrialRunner(TrialRequest request, TrialWriter writer, long started, Programs programs) : IDisposable
{
    private readonly SampleSink _samples = new(started);
    private readonly List<IBackendSession> _sessions = [];
    private readonly List<string> _notApplied = [], _warnings = [];
    private double _loadBeforeFirst;
    private bool _referenceOpened;

    /// <summary>Runs and tells the outcome, whatever it is.</summary>
    public void Run()
    {
        TrialFailure? failure = null;
        try
        {
            Measure();
        }
        catch (Exception exception)
        {
            failure = Classify(exception);
        }
        if (failure is null)
        {
            foreach (Series series in _samples.Series) writer.Tell(series);
        }
        double overhead = (_samples.FirstRepetitionAt ?? _samples.Now) - _loadBeforeFirst;
        writer.Tell(new TrialEnd(failure, Math.Max(0, overhead), _samples.Facts, _notApplied, _warnings));
    }

    public void Dispose()
    {
        foreach (IBackendSession session in _sessions) session.Dispose();
    }

    private static TrialFailure Classify(Exception exception) => exception switch
    {
        TrialException typed => typed.Failure,
        EdgeBenchException problem => new(FailureKind.Unsupported, problem.Message),
        OutOfMemoryException => new(FailureKind.OutOfMemory, $"an allocation was refused: {exception.Message}", "Take a smaller model or context, or free memory."),
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException =>
            new(FailureKind.BackendMissing, exception.Message, "Install the backend again."),
        FileNotFoundException or DirectoryNotFoundException => new(FailureKind.MissingArtifact, exception.Message),
        _ => new(FailureKind.Crash, $"{exception.GetType().Name} in the trial's process: {exception.Message} {exception.StackTrace?.Split('\n')[0].Trim()}"),
    };

    private void Measure()
    {
        IBackend backend = Find(request.Backend);
        IWorkload workload = programs.Workload(request.Workload)
            ?? throw new TrialException(FailureKind.Unsupported, $"this agent has no workload '{request.Workload}'", "Install the agent that belongs to this edgebench.");
        SessionNeeds needs = workload.Needs(request.Parameters, request.Threads) with { Files = request.Data };
        if (backend.Refuse(request.Artifact, request.BackendOptions, needs) is { } refusal) throw new TrialException(refusal);
        if (backend is IMeasuringBackend program)
        {
            MeasureBy(program, workload);
            return;
        }

        IBackendSession session = Open(backend, request.Artifact, request.BackendOptions, needs);
        Describe(session.Facts);
        bool proportional = _samples.ReadMemory(0);

        workload.Run(new WorkloadContext
        {
            Request = request,
            Session = session,
            OpenReference = () => OpenReference(backend, needs),
            Samples = _samples,
        });

        _samples.ReadMemory(0);
        _samples.Add(MetricRegistry.LoadTime, 0, session.Facts.LoadSeconds * 1000, _samples.Now);
        if (session.Facts.KvBytes is { } cache) _samples.Add(MetricRegistry.KvBytes, 0, cache, _samples.Now);
        else _warnings.Add($"{MetricRegistry.KvBytes.Name} is not reported: the backend does not tell the size of its cache");
        ReportMemory(proportional);
    }

    // This process only waits: what it holds itself is no figure of the program that measures.
    private void MeasureBy(IMeasuringBackend program, IWorkload workload)
    {
        WorkloadShape shape = workload.Shape(request.Parameters)
            ?? throw new TrialException(FailureKind.Unsupported, program.WhyNot(request.BackendOptions, null) ?? $"'{request.Workload}' is no shape that a program could measure");
        MeasureRemarks remarks = program.Measure(new MeasureContext { Request = request, Shape = shape, Samples = _samples });
        _samples.Drop(MetricRegistry.PeakPss);
        _notApplied.AddRange(remarks.NotApplied);
        _warnings.AddRange(remarks.Warnings);
    }

    private IBackendSession OpenReference(IBackend backend, SessionNeeds needs)
    {
        ArtifactFile reference = request.Reference
            ?? throw new TrialException(FailureKind.MissingArtifact, $"'{request.Workload}' compares with the uncompressed reference, and the request names none");
        _referenceOpened = true;
        if (request.ReferenceRunner is not { } runner) return Open(backend, reference, request.BackendOptions, needs);
        IBackend other = Find(runner.Backend);
        if (other.Refuse(reference, runner.Options, needs) is { } refusal) throw new TrialException(refusal with { Message = $"the reference: {refusal.Message}" });
        return Open(other, reference, runner.Options, needs);
    }

    private IBackend Find(string name) => programs.Backend(name)
        ?? throw new TrialException(FailureKind.Unsupported, $"this agent has no backend '{name}'", "Install the agent that belongs to this edgebench.");

    private IBackendSession Open(IBackend backend, ArtifactFile artifact, JsonElement options, SessionNeeds needs)
    {
        IBackendSession session = backend.Open(artifact, options, needs);
        _sessions.Add(session);
        if (_samples.FirstRepetitionAt is null) _loadBeforeFirst += session.Facts.LoadSeconds;
        return session;
    }

    private void Describe(SessionFacts facts)
    {
        foreach ((string name, string value) in facts.Details) _samples.Fact(name, value);
        _samples.Fact("context", $"{facts.Context}");
        _samples.Fact("trained_context", $"{facts.TrainedContext}");
        _samples.Fact("vocabulary", $"{facts.Vocabulary}");
        bool tiers = Environment.GetEnvironmentVariable(TrialCommand.TieredCompilation) != "0";
        _samples.Fact("runner", $"{RuntimeInformation.FrameworkDescription}, tiered compilation {(tiers ? "on" : "off")}");
        _notApplied.AddRange(facts.NotApplied);
    }

    // With the reference in the same process the peaks would be the sum of two models: no figure of this artifact.
    private void ReportMemory(bool proportional)
    {
        if (_referenceOpened)
        {
            _samples.Drop(MetricRegistry.PeakPss);
            _samples.Fact("memory", "peaks not reported: the process held the uncompressed reference too");
            return;
        }
        if (ProcessMemory.PeakResident() is { } peak) _samples.Add(MetricRegistry.PeakRss, 0, peak, _samples.Now);
        else _samples.Fact("peak_rss", "not read: this kernel shows no VmHWM in /proc/self/status");
        if (!proportional) _samples.Fact("peak_pss", "not read: this kernel shows no /proc/self/smaps_rollup");
    }
}
