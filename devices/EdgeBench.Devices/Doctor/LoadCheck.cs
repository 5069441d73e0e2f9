using EdgeBench.Core.Wire;
using EdgeBench.Devices.Sensors;

namespace EdgeBench.Devices.Doctor;

/// <summary>Whether others use the processors that trials need.</summary>
public sealed class LoadCheck : IDoctorCheck
{
    private const double Much = 0.10;
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(1);

    public string Name => "load";

    public IEnumerable<DoctorFinding> Examine(DoctorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        CpuTimes? before = CpuTimes.Read(context.Root);
        if (before is not null) Thread.Sleep(s_window);
        CpuTimes? after = before is null ? null : CpuTimes.Read(context.Root);
        if (before is null || after?.OthersSince(before) is not { } others)
        {
            yield return new(Name, Severity.Warning, "the kernel does not tell processor times in /proc/stat: load of others stays unknown");
            yield break;
        }
        bool much = others > Much;
        yield return new(Name, much ? Severity.Warning : Severity.Good, $"other processes use {others:0.0%} of the processors",
            much ? "End them, or measure when they have ended; 'top' names them." : null);
        if (after.StealSince(before) is > Much and { } stolen)
            yield return new(Name, Severity.Warning, $"a hypervisor takes {stolen:0.0%} of the processors' time", "Measure on a machine of its own.");
    }
}
