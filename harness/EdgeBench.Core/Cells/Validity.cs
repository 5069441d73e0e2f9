namespace EdgeBench.Core.Cells;

/// <summary>Whether a cell's figures may be ranked.</summary>
public enum Validity
{
    /// <summary>Ranked.</summary>
    Valid,

    /// <summary>Ranked with a mark and its reasons.</summary>
    Semivalid,

    /// <summary>Shown with its reasons, never ranked.</summary>
    Invalid,
}

/// <summary>A verdict with every reason for it.</summary>
public sealed record ValidityVerdict(Validity Validity, IReadOnlyList<string> Reasons)
{
    public static ValidityVerdict Valid { get; } = new(Validity.Valid, []);
}
