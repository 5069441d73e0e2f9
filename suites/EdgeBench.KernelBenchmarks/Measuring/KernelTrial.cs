using System.Diagnostics;
using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Probes;
using EdgeBench.Devices.Sensors;
using EdgeBench.KernelBenchmarks.Cases;
using EdgeBench.Kernels.Peaks;

namespace EdgeBench.KernelBenchmarks.Measuring;

/// <summary>One kernel in the hands of the benchmark: prepared, with the device's state and peaks before and after it.</summary>
public sealed class KernelTrial
{
    private static readonly TimeSpan s_longestWarming = TimeSpan.FromSeconds(3);

    private readonly KernelContext _context;
    private readonly Dictionary<string, double> _conditions = [];
    private readonly PeakLoop? _bound;
    private KernelWork? _work;
    private ConditionSnapshot? _before;

    internal KernelTrial(KernelCase one, KernelContext context)
    {
        (Case, _context) = (one, context);
        _bound = one.Computes is { } kind ? PeakRounds.Bound(kind, one.Kernel) : null;
        StartedAt = DateTimeOffset.UtcNow;
    }

    internal KernelCase Case { get; }

    /// <summary>What one call is worth; 0 before it was prepared.</summary>
    public double Operations { get; private set; }

    public double Bytes { get; private set; }

    /// <summary>The device's state and the peaks, by the names of <see cref="KernelFigures"/> and of trials' conditions.</summary>
    public IReadOnlyDictionary<string, double> Conditions => _conditions;

    /// <summary>The compute peak that bounds it: <c>int8 avx512</c>; null where none is known.</summary>
    public string? Roof => _bound is null ? null : $"{PeakProbe.Name(_bound.Kind)} {_bound.Instructions}";

    /// <summary>Why there is no measurement; null where all went well.</summary>
    public string? Problem { get; private set; }

    /// <summary>When preparing began.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    internal void Begin() => Attempt(Prepare);

    internal void Run()
    {
        if (Problem is not null) return;
        try
        {
            _work!.Run();
        }
        catch (Exception exception)
        {
            Problem = Words(exception);
        }
    }

    internal void End()
    {
        Attempt(Look);
        _work?.Dispose();
        _work = null;
    }

    // The library's in-process runner ends with a fault of its own where a benchmark throws: the first problem is kept, and nothing more is called.
    private void Attempt(Action part)
    {
        if (Problem is not null) return;
        try
        {
            part();
        }
        catch (Exception exception)
        {
            Problem = Words(exception);
        }
    }

    private static string Words(Exception exception) => $"{exception.GetType().Name}: {exception.Message}";

    private void Prepare()
    {
        StartedAt = DateTimeOffset.UtcNow;
        _work = Case.Prepare(_context);
        (Operations, Bytes) = (_work.Operations, _work.Bytes);
        if (_context.IsNew(Case)) Warm(_work);
        else _work.Run();
        Probe(KernelFigures.Moments[0]);
        _before = ConditionSnapshot.Take(_context.Root);
    }

    // Code that runs for the first time is compiled without optimising. Its calls are counted only after a pause of compiling (100 ms), 30 of them have it compiled
    // again beside the program: a kernel of few long calls would be measured before that.
    private static void Warm(KernelWork work)
    {
        const int Calls = 40;
        work.Run();
        Thread.Sleep(150);
        long start = Stopwatch.GetTimestamp();
        for (int call = 0; call < Calls && Stopwatch.GetElapsedTime(start) < s_longestWarming; call++) work.Run();
        Thread.Sleep(100);
        work.Run();
    }

    private void Look()
    {
        foreach ((string name, double value) in ConditionSnapshot.Between(_before!, ConditionSnapshot.Take(_context.Root))) _conditions[name] = value;
        Probe(KernelFigures.Moments[1]);
    }

    private void Probe(string moment)
    {
        if (_bound is not null) _conditions[KernelFigures.Peak(PeakProbe.Name(_bound.Kind), moment)] = _context.Peaks.Compute(_bound);
        if (Case.Streams && _context.Peaks.Read() is { } read) _conditions[KernelFigures.Peak(KernelFigures.Read, moment)] = read;
    }
}
