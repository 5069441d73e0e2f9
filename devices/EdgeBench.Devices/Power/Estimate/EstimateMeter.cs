using System.Globalization;
using System.Text.Json;
using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power.Sessions;

namespace EdgeBench.Devices.Power.Estimate;

/// <summary>
/// No measurement: power = idle W + W a core × cores that are busy, from the kernel's count of processor time (<c>/proc/stat</c>). It knows nothing of clocks,
/// memory or instructions, so it can tell what a device is expected to draw, and never that one model draws less a second than another.
/// </summary>
public sealed class EstimateMeter : IPowerMeter
{
    private static readonly TimeSpan s_ticks = TimeSpan.FromMilliseconds(50);

    public string Name => "estimate";

    public Type OptionsType => typeof(EstimateOptions);

    public EnergyBoundary Boundary => EnergyBoundary.Estimate;

    public async Task<IMeterSession> OpenAsync(SystemRoot root, JsonElement options, CancellationToken cancellation)
    {
        EstimateOptions asked = MeterOptions.Of<EstimateOptions>(options);
        ProcessorTime last = ProcessorTime.Read(root) ?? throw new MeterException("/proc/stat shows no processor times", "Run on Linux, or take a real meter.");
        double lastAt = MeterClock.Now;
        // Some clock ticks, so that the first reading has something to tell.
        await Task.Delay(s_ticks, cancellation).ConfigureAwait(false);
        string source = string.Create(CultureInfo.InvariantCulture, $"model: {asked.IdleWatts} W + {asked.WattsPerCore} W for each busy one of {last.Processors} processors");
        return PolledSession.OfFiles(new MeterDescription(MeterKind.Power, EnergyBoundary.Estimate, source), asked.Rate, Read);

        MeterReading Read()
        {
            double at = MeterClock.Now;
            if (ProcessorTime.Read(root) is not { } now) return MeterReading.OfPower(at, null);
            double middle = (lastAt + at) / 2;
            // Before a clock tick has passed nothing is known of the time since.
            if (now.BusySince(last) is not { } busy) return MeterReading.OfPower(at, null);
            (last, lastAt) = (now, at);
            return MeterReading.OfPower(middle, asked.IdleWatts + (asked.WattsPerCore * busy));
        }
    }
}
