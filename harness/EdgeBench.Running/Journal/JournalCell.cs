using EdgeBench.Core.Cells;

namespace EdgeBench.Running.Journal;

/// <summary>A cell of the plan as the journal keeps it: what identifies it and what a valid measurement of it must hold.</summary>
public sealed record JournalCell
{
    /// <summary>Hash of everything that decides what is measured (<see cref="Execution.CellKey"/>).</summary>
    public required string Key { get; init; }

    public required Cell Cell { get; init; }

    /// <summary>Content address of the artifact; null where it could not be built.</summary>
    public string? ArtifactId { get; init; }

    /// <summary>Content address of what quality is compared with; null where nothing is.</summary>
    public string? ReferenceId { get; init; }

    /// <summary>Name of the backend that runs the reference where it is not the cell's own.</summary>
    public string? ReferenceBackend { get; init; }

    public required Tier Tier { get; init; }

    public required int PlannedTrials { get; init; }

    public required int MinSamples { get; init; }

    /// <summary>Seconds.</summary>
    public required double MinDuration { get; init; }

    public required IReadOnlyList<string> ExpectedMetrics { get; init; }

    public required bool IsQuality { get; init; }

    /// <summary>The recipe compresses nothing; false where nobody asked, which is for cells of speed.</summary>
    public bool IsUncompressed { get; init; }
}
