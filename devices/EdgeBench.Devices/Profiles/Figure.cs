using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace EdgeBench.Devices.Profiles;

/// <summary>A number with where it comes from: no figure of a profile stands without a source.</summary>
public sealed record Figure
{
    [Description("The number, in the unit that its key names."), Range(0.0, 1e15)]
    public required double Value { get; init; }

    [Description("Title and section of the vendor's document, or 'derived:' with the calculation.")]
    public required string Source { get; init; }
}
