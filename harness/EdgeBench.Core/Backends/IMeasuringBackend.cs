using System.Text.Json;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Core.Backends;

/// <summary>
/// A backend whose program measures by itself and only tells its figures: it opens no session, so a trial calls <see cref="Measure"/> in the place
/// of the workload's own run. Only speed can be had from it.
/// </summary>
public interface IMeasuringBackend : IBackend
{
    /// <summary>Why it cannot measure a workload of this shape with these options, as far as names and parameters tell; null where it can.</summary>
    /// <param name="shape">Null for a workload without one, such as a quality task.</param>
    string? WhyNot(JsonElement options, WorkloadShape? shape);

    /// <summary>Metrics that a successful trial must hold, besides the process's peak of memory.</summary>
    IReadOnlyList<Metric> Metrics(JsonElement options, WorkloadShape shape);

    /// <summary>Runs the program and hands its figures over. Throws <see cref="TrialException"/>.</summary>
    MeasureRemarks Measure(MeasureContext context);
}

/// <summary>What a measuring backend works with inside a trial's process.</summary>
public sealed record MeasureContext
{
    public required TrialRequest Request { get; init; }

    public required WorkloadShape Shape { get; init; }

    public required ISampleSink Samples { get; init; }
}

/// <summary>What a reader must know of a measurement by a program.</summary>
public sealed record MeasureRemarks(IReadOnlyList<string> NotApplied, IReadOnlyList<string> Warnings);
