using System.Diagnostics;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Agent.Trials;

/// <summary>Keeps a trial's readings in memory until its last repetition is over.</summary>
/// <param name="started">Timestamp of <see cref="Stopwatch"/> when the agent started this process.</param>
internal sealed class SampleSink(long started) : ISampleSink
{
    // The walk over a large model's page tables costs milliseconds: often enough for a peak, too rare to stretch a run of short repetitions.
    private const double MemoryPeriod = 0.5;

    private readonly Dictionary<string, Readings> _readings = [];
    private double _lastMemory = double.NegativeInfinity;

    public double Now => Stopwatch.GetElapsedTime(started).TotalSeconds;

    /// <summary>When the first repetition, warm-up included, was about to be timed; null before.</summary>
    public double? FirstRepetitionAt { get; private set; }

    public Dictionary<string, string> Facts { get; } = [];

    public IEnumerable<Series> Series => _readings.Select(metric => metric.Value.ToSeries(metric.Key));

    public void BeforeRepetition(int repetition, bool warmup)
    {
        if (Now - _lastMemory >= MemoryPeriod) ReadMemory(repetition);
        FirstRepetitionAt ??= Now;
    }

    public void Add(Metric metric, int repetition, double value, double at)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (!_readings.TryGetValue(metric.Name, out Readings? readings)) _readings[metric.Name] = readings = new Readings();
        readings.Add(value, at, repetition);
    }

    public void Fact(string name, string value) => Facts[name] = value;

    /// <summary>Takes one reading of the proportional set size; false where the kernel offers none.</summary>
    public bool ReadMemory(int repetition)
    {
        if (ProcessMemory.Proportional() is not { } bytes) return false;
        _lastMemory = Now;
        Add(MetricRegistry.PeakPss, repetition, bytes, _lastMemory);
        return true;
    }

    /// <summary>Forgets a metric's readings.</summary>
    public void Drop(Metric metric) => _readings.Remove(metric.Name);

    private sealed class Readings
    {
        private readonly List<double> _values = new(1024);
        private readonly List<double> _at = new(1024);
        private readonly List<int> _repetition = new(1024);

        public void Add(double value, double at, int repetition)
        {
            _values.Add(value);
            _at.Add(at);
            _repetition.Add(repetition);
        }

        public Series ToSeries(string metric) => new(metric, [.. _values], [.. _at], [.. _repetition]);
    }
}
