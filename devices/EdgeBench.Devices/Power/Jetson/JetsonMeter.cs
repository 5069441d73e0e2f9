using System.Text.Json;
using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power.Sessions;

namespace EdgeBench.Devices.Power.Jetson;

/// <summary>The power monitors on NVIDIA's Jetson modules.</summary>
public sealed class JetsonMeter : IPowerMeter
{
    public string Name => "jetson";

    public Type OptionsType => typeof(JetsonOptions);

    public EnergyBoundary Boundary => EnergyBoundary.Board;

    public Task<IMeterSession> OpenAsync(SystemRoot root, JsonElement options, CancellationToken cancellation)
    {
        JetsonOptions asked = MeterOptions.Of<JetsonOptions>(options);
        IReadOnlyList<JetsonRail> found = JetsonRail.Find(root);
        if (found.Count == 0)
        {
            throw new MeterException("there is no INA3221 or INA238 below /sys/class/hwmon or /sys/bus/i2c/drivers/ina3221x",
                "A Jetson Nano 2GB has none: take a meter outside of the board. On others, check that Jetson Linux's own kernel runs.");
        }
        JetsonTotal total = JetsonTotal.Choose(found, asked.Rails);
        JetsonRail[] rails = [.. total.Labels.Select(label => found.First(rail => rail.Label == label))];
        MeterDescription description = new(MeterKind.Power, total.Boundary, $"{string.Join(" + ", total.Labels)} ({total.Note})");
        return Task.FromResult<IMeterSession>(PolledSession.OfFiles(description, asked.Rate, () => Sum(rails)));
    }

    private static MeterReading Sum(JetsonRail[] rails)
    {
        double? watts = 0;
        foreach (JetsonRail rail in rails) watts += rail.Read();
        return MeterReading.OfPower(MeterClock.Now, watts);
    }
}
