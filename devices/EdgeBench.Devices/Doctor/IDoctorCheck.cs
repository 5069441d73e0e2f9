using EdgeBench.Core.Configuration;
using EdgeBench.Core.Wire;

namespace EdgeBench.Devices.Doctor;

/// <summary>One thing to look at on a device. Seam: implement, add to <see cref="DoctorChecks"/>. Never throws for what a device lacks.</summary>
public interface IDoctorCheck
{
    /// <summary>Name in the findings, such as <c>governor</c>.</summary>
    string Name { get; }

    /// <summary>What was found; nothing where it does not apply to this device.</summary>
    IEnumerable<DoctorFinding> Examine(DoctorContext context);
}

/// <summary>What the checks look at.</summary>
/// <param name="CacheFolder">Where artifacts and libraries are kept.</param>
/// <param name="Meters">Power meters that the device's file names.</param>
public sealed record DoctorContext(SystemRoot Root, string CacheFolder, IReadOnlyList<MeterSpec> Meters);
