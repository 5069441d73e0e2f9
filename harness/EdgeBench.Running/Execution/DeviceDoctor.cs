using EdgeBench.Backends;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Running.Execution;

/// <summary>Asks a device's agent what stands in the way of good measurements, and compares its clock with this machine's.</summary>
public static class DeviceDoctor
{
    private static readonly TimeSpan s_tolerated = TimeSpan.FromSeconds(2);

    /// <summary>All findings, those of the clock first. Throws <see cref="Core.Problems.EdgeBenchException"/> (exit code 5) where the agent fails.</summary>
    public static async Task<IReadOnlyList<DoctorFinding>> ExamineAsync(DeviceSpec device, IAgentConnection agent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(agent);
        BackendQuery[] backends = [.. BackendRegistry.All.Select(backend => new BackendQuery(backend.Name, HarnessVocabulary.DefaultOptions(backend)))];
        DateTimeOffset asked = DateTimeOffset.UtcNow;
        DoctorReport report = await agent.DoctorAsync(new DoctorQuery(backends, device.Meters), cancellation);
        DateTimeOffset answered = DateTimeOffset.UtcNow;
        return [Clock(report.Clock, asked, answered), .. report.Findings];
    }

    /// <summary>How far the device's clock is from ours, as far as the time that the answer took lets us tell.</summary>
    public static DoctorFinding Clock(DateTimeOffset device, DateTimeOffset asked, DateTimeOffset answered)
    {
        TimeSpan early = asked - device, late = device - answered;
        TimeSpan offset = early > TimeSpan.Zero ? -early : late > TimeSpan.Zero ? late : TimeSpan.Zero;
        string shown = $"{Math.Abs(offset.TotalSeconds):0.###} s {(offset < TimeSpan.Zero ? "behind" : "ahead of")} this machine's";
        return offset.Duration() > s_tolerated
            ? new("clock", Severity.Warning, $"the device's clock is at least {shown}", "Set it, or run a time service (timedatectl set-ntp true): times in a report would mislead.")
            : new("clock", Severity.Good, "the device's clock agrees with this machine's");
    }
}
