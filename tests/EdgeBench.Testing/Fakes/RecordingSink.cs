using System.Diagnostics;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Testing.Fakes;

/// <summary>Keeps what a workload measured.</summary>
public sealed class RecordingSink : ISampleSink
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public readonly record struct Reading(int Repetition, double Value, double At);

    public double Now => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    public Dictionary<string, List<Reading>> Series { get; } = [];

    public Dictionary<string, string> Facts { get; } = [];

    public int Warmups { get; private set; }

    public int Repetitions { get; private set; }

    public double[] Values(Metric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return [.. Series[metric.Name].Select(reading => reading.Value)];
    }

    public void BeforeRepetition(int repetition, bool warmup)
    {
        if (warmup) Warmups++;
        else Repetitions++;
    }

    public void Add(Metric metric, int repetition, double value, double at)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (!Series.TryGetValue(metric.Name, out List<Reading>? readings)) Series[metric.Name] = readings = [];
        readings.Add(new(repetition, value, at));
    }

    public void Fact(string name, string value) => Facts[name] = value;
}
