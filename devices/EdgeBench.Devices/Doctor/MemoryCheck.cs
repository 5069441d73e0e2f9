using EdgeBench.Core.Wire;
using EdgeBench.Devices.Facts;

namespace EdgeBench.Devices.Doctor;

/// <summary>Memory that a trial may use, and whether it would be swapped.</summary>
public sealed class MemoryCheck : IDoctorCheck
{
    public string Name => "memory";

    public IEnumerable<DoctorFinding> Examine(DoctorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        long? total = LocalFacts.Kilobytes(context.Root, "proc/meminfo", "MemTotal"), available = LocalFacts.Kilobytes(context.Root, "proc/meminfo", "MemAvailable");
        if (total is not > 0 || available is null)
        {
            yield return new(Name, Severity.Warning, "the kernel does not tell its memory in /proc/meminfo");
            yield break;
        }
        bool scarce = available < total / 2;
        yield return new(Name, scarce ? Severity.Warning : Severity.Good, $"{available / 1e9:0.0} of {total / 1e9:0.0} GB available",
            scarce ? "End what holds the rest: a model that does not fit is swapped or killed." : null);
        long used = (LocalFacts.Kilobytes(context.Root, "proc/meminfo", "SwapTotal") ?? 0) - (LocalFacts.Kilobytes(context.Root, "proc/meminfo", "SwapFree") ?? 0);
        if (used > total / 20)
            yield return new(Name, Severity.Warning, $"{used / 1e9:0.0} GB are swapped out", "Restart what was swapped, or run 'swapoff -a': swapped weights are read from the disk while they are timed.");
    }
}
