using EdgeBench.Devices.Power.Estimate;
using EdgeBench.Devices.Power.Hwmon;
using EdgeBench.Devices.Power.Jetson;
using EdgeBench.Devices.Power.NvidiaSmi;
using EdgeBench.Devices.Power.PiPmic;
using EdgeBench.Devices.Power.Rapl;
using EdgeBench.Devices.Power.Scpi;
using EdgeBench.Devices.Power.Shelly;
using EdgeBench.Devices.Power.Streams;
using EdgeBench.Devices.Power.Tasmota;

namespace EdgeBench.Devices.Power;

/// <summary>Every kind of power meter, by name.</summary>
public static class MeterRegistry
{
    public static IReadOnlyList<IPowerMeter> All { get; } =
    [
        new RaplMeter(),
        new JetsonMeter(),
        new PiPmicMeter(),
        new HwmonMeter(),
        new Ppk2Meter(),
        new JoulescopeMeter(),
        new ShellyMeter(),
        new TasmotaMeter(),
        new ScpiMeter(),
        new NvidiaSmiMeter(),
        new EstimateMeter(),
    ];

    /// <summary>The meter of that name, or null.</summary>
    public static IPowerMeter? Find(string name) => All.FirstOrDefault(meter => meter.Name == name);
}
