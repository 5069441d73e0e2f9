using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;

namespace EdgeBench.Agent.Trials;

/// <summary>What a line from a trial's process tells.</summary>
internal enum TrialEvent
{
    /// <summary>A slice of one metric's readings; slices of one metric follow each other in order.</summary>
    Series,

    /// <summary>The last line.</summary>
    Outcome,
}

/// <summary>One line of JSON from a trial's process to its agent.</summary>
internal sealed record TrialMessage
{
    /// <summary>Bytes of a line, its end included.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Readings in one <see cref="TrialEvent.Series"/> line: three numbers of at most 24 characters each keep it below the limit.</summary>
    public const int MaxReadings = 32 * 1024;

    public required int Version { get; init; }

    public required TrialEvent Event { get; init; }

    public Series? Series { get; init; }

    public TrialEnd? End { get; init; }

    public static TrialMessage Of(TrialEvent kind) => new() { Version = Protocol.Version, Event = kind };
}

/// <summary>A trial's last words.</summary>
internal sealed record TrialEnd(
    TrialFailure? Failure, double OverheadSeconds, IReadOnlyDictionary<string, string> Facts, IReadOnlyList<string> NotApplied,
    IReadOnlyList<string> Warnings);

/// <summary>Generated serialisers: a trial's process spends no start-up time on reflection over these.</summary>
[JsonSerializable(typeof(TrialMessage))]
[JsonSerializable(typeof(TrialRequest))]
internal sealed partial class TrialJson : JsonSerializerContext
{
    /// <summary>EdgeBench's spelling of JSON.</summary>
    public static TrialJson Wire { get; } = new(new JsonSerializerOptions(EdgeBenchJson.Options));
}
