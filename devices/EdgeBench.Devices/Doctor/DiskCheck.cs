using EdgeBench.Core.IO;
using EdgeBench.Core.Wire;

namespace EdgeBench.Devices.Doctor;

/// <summary>Room for artifacts and libraries.</summary>
public sealed class DiskCheck : IDoctorCheck
{
    private const long Little = 2L << 30, None = 256L << 20;

    public string Name => "disk";

    public IEnumerable<DoctorFinding> Examine(DoctorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        long free = DiskSpace.Free(context.CacheFolder);
        string message = $"{free / 1e9:0.0} GB free for '{context.CacheFolder}'";
        Severity severity = free < None ? Severity.Error : free < Little ? Severity.Warning : Severity.Good;
        yield return new(Name, severity, message, severity == Severity.Good ? null : "Free some space, or set EDGEBENCH_CACHE to a larger disk.");
    }
}
