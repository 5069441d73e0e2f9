using EdgeBench.Backends.External.Programs;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Backends.External;

/// <summary>How to ask one kind of program and read its answer. Seam: implement, add to <see cref="ExternalToolRegistry"/>.</summary>
internal interface IExternalTool
{
    /// <summary>What <c>tool:</c> names.</summary>
    string Name { get; }

    /// <summary>Artifact format that it runs with these options.</summary>
    string FormatOf(ExternalOptions options);

    /// <summary>Why it cannot measure this shape with these options, or null.</summary>
    string? WhyNot(ExternalOptions options, WorkloadShape shape);

    /// <summary>Metrics that its answer always holds.</summary>
    IReadOnlyList<Metric> Metrics(ExternalOptions options, WorkloadShape shape);

    /// <summary>Its arguments after the device's own; throws <see cref="TrialException"/> where they cannot say what is asked.</summary>
    /// <param name="declared">Arguments of the device's list, then those of the configuration, as written.</param>
    IReadOnlyList<string> Arguments(ToolCall call, IReadOnlyList<string> declared);

    /// <summary>Reads an answer, distrustfully: throws <see cref="ToolOutputException"/> for everything that is not what the tool writes.</summary>
    ToolReport Read(ToolOutput output, ToolCall call);

    /// <summary>When the repetitions of a report ran, as far as the moments at which its lines came tell. Asked only where a meter reads (<see cref="ToolCall.Metered"/>).</summary>
    RunTimes When(ToolOutput output, ToolCall call, ToolReport report);
}

/// <summary>What a program is asked for.</summary>
internal sealed record ToolCall
{
    public required string Model { get; init; }

    public required int Threads { get; init; }

    public required WorkloadShape Shape { get; init; }

    public required ExternalOptions Options { get; init; }

    /// <summary>Repetitions to record.</summary>
    public required int Repetitions { get; init; }

    public required Sampling Sampling { get; init; }

    /// <summary>Whether a power meter reads meanwhile, so that it matters when each repetition runs.</summary>
    public bool Metered { get; init; }

    /// <summary>Empty folder of this run, the program's working directory.</summary>
    public required string Folder { get; init; }
}

/// <summary>What a program wrote before it ended well.</summary>
internal sealed record ToolOutput(string Output, string Errors)
{
    /// <summary>The lines of <see cref="Output"/> with their times; empty where nobody asked for them.</summary>
    public IReadOnlyList<ArrivedLine> OutputLines { get; init; } = [];

    /// <inheritdoc cref="OutputLines"/>
    public IReadOnlyList<ArrivedLine> ErrorLines { get; init; } = [];

    /// <summary>Seconds that the program ran.</summary>
    public double Seconds { get; init; }
}

/// <summary>What a program says it measured.</summary>
internal sealed record ToolReport
{
    public required IReadOnlyList<ImportedFigure> Figures { get; init; }

    /// <summary>Repetitions behind the figures, at least 1.</summary>
    public required int Repetitions { get; init; }

    /// <summary>Seconds that they took together; null where the program does not tell.</summary>
    public required double? Seconds { get; init; }

    /// <summary>Why there are only aggregates; null where every repetition is told.</summary>
    public required string? NoRawSamples { get; init; }

    /// <summary>Seconds of each repetition in order, or empty; they place the readings in time.</summary>
    public IReadOnlyList<double> Durations { get; init; } = [];

    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> NotApplied { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>Readings of one metric, in its unit, with the program's own definition.</summary>
internal sealed record ImportedFigure(Metric Metric, IReadOnlyList<double> Values, string Definition);

/// <summary>A program wrote what its tool does not write.</summary>
internal sealed class ToolOutputException(string message, Exception? inner = null) : Exception(message, inner);
