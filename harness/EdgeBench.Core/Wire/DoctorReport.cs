using EdgeBench.Core.Configuration;

namespace EdgeBench.Core.Wire;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Worth knowing; measurements are none the worse.</summary>
    Note,

    /// <summary>Measurements may be worse or incomplete.</summary>
    Warning,

    /// <summary>Trials will fail or be invalid.</summary>
    Error,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Check">Name of the check, such as <c>governor</c>.</param>
/// <param name="Remedy">What to do; null where there is nothing to mend.</param>
public sealed record DoctorFinding(string Check, Severity Severity, string Message, string? Remedy = null);

/// <summary>What a device is meant to do.</summary>
/// <param name="Backends">Runtimes that it should have.</param>
/// <param name="Meters">Power meters that its file names.</param>
public sealed record DoctorQuery(IReadOnlyList<BackendQuery> Backends, IReadOnlyList<MeterSpec> Meters);

/// <summary>What an agent found.</summary>
/// <param name="Clock">UTC on the device's clock when it answered.</param>
public sealed record DoctorReport(DateTimeOffset Clock, IReadOnlyList<DoctorFinding> Findings);
