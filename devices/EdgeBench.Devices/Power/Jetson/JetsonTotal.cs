using EdgeBench.Core.Metrics;

namespace EdgeBench.Devices.Power.Jetson;

/// <summary>
/// Which rails are a Jetson's total. Where the module has a monitor in its input, that one alone; where it has none, the rails that branch off the input side
/// by side, and not those that they feed (NVIDIA Jetson Linux Developer Guide, "Software-Based Power Consumption Modeling"; AGX Xavier design guide 5.6.2).
/// </summary>
internal sealed record JetsonTotal(EnergyBoundary Boundary, string Note, string[] Labels)
{
    // The first whose labels are all there.
    private static readonly JetsonTotal[] s_known =
    [
        new(EnergyBoundary.Board, "input of module and carrier board", ["VIN"]),
        new(EnergyBoundary.Board, "module input; the carrier board is not seen", ["VDD_IN"]),
        new(EnergyBoundary.Board, "module input; the carrier board is not seen", ["POM_5V_IN"]),
        new(EnergyBoundary.Board, "module input; the carrier board is not seen", ["5V_IN"]),
        // AGX Orin: VDDQ_VDD2_1V8AO is fed by VIN_SYS_5V0.
        new(EnergyBoundary.Rail, "parallel rails of the module; losses before them and the carrier board are not seen", ["VDD_GPU_SOC", "VDD_CPU_CV", "VIN_SYS_5V0"]),
        // AGX Xavier.
        new(EnergyBoundary.Rail, "parallel rails of the module; losses before them and the carrier board are not seen", ["GPU", "CPU", "SOC", "CV", "VDDRQ", "SYS5V"]),
    ];

    /// <summary>The total among what was found; those named, where any are. Throws <see cref="MeterException"/>.</summary>
    public static JetsonTotal Choose(IReadOnlyList<JetsonRail> found, IReadOnlyList<string> named)
    {
        string labels = string.Join(", ", found.Select(rail => rail.Label));
        if (named.Count > 0)
        {
            string? missing = named.FirstOrDefault(name => found.Count(rail => rail.Label == name) != 1);
            if (missing is not null || named.Distinct().Count() != named.Count)
                throw new MeterException($"rail '{missing ?? named[0]}' is not there exactly once (found: {labels})", "Correct 'rails' of the meter.");
            return new JetsonTotal(EnergyBoundary.Rail, "rails as named in the device's file", [.. named]);
        }
        return s_known.FirstOrDefault(total => total.Labels.All(label => found.Count(rail => rail.Label == label) == 1)) ?? throw new MeterException(
            $"none of the rails is known to be this board's total (found: {labels})", "Name rails that do not feed each other in 'rails' of the meter; the figure is then theirs, not the board's.");
    }
}
