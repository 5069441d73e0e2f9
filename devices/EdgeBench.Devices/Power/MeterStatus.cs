using System.Text.Json;
using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power.Recording;

namespace EdgeBench.Devices.Power;

/// <summary>Whether a meter can be read here.</summary>
/// <param name="Source">What it sees; null where it cannot be read.</param>
/// <param name="Boundary">Null where it cannot be read.</param>
/// <param name="Problem">Why it cannot be read; null where it can.</param>
public sealed record MeterStatus(bool Readable, string? Source, EnergyBoundary? Boundary, string? Problem, string? Remedy);

/// <summary>Asks a meter by reading it once: what a probe says is what a trial would find.</summary>
public static class MeterProbe
{
    public static async Task<MeterStatus> ProbeAsync(this IPowerMeter meter, SystemRoot root, JsonElement options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(meter);
        try
        {
            await using MeterRecorder recorder = await MeterRecorder.StartAsync(meter, root, options, cancellation).ConfigureAwait(false);
            return new MeterStatus(true, recorder.Description.Source, recorder.Description.Boundary, null, null);
        }
        catch (MeterException exception)
        {
            return new MeterStatus(false, null, null, exception.Message, exception.Remedy);
        }
    }
}
