using System.Globalization;
using System.Text.Json;
using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power.Tools;

namespace EdgeBench.Devices.Power.NvidiaSmi;

/// <summary>
/// NVML's board power of one GPU, as <c>nvidia-smi</c> prints it in a loop. The card alone, not the computer around it; on many cards a mean over the last second,
/// so that short windows lag (Yang, Adamek and Armour, "Part-time Power Measurements: nvidia-smi's Lack of Attention", arXiv:2312.02741).
/// </summary>
public sealed class NvidiaSmiMeter : IPowerMeter
{
    private const double ResolutionWatts = 0.01;

    public string Name => "nvidia-smi";

    public Type OptionsType => typeof(NvidiaSmiOptions);

    public EnergyBoundary Boundary => EnergyBoundary.Rail;

    public Task<IMeterSession> OpenAsync(SystemRoot root, JsonElement options, CancellationToken cancellation)
    {
        NvidiaSmiOptions asked = MeterOptions.Of<NvidiaSmiOptions>(options);
        string program = ToolFinder.Find(root, "nvidia-smi", "Install NVIDIA's driver; a Jetson has the meter 'jetson' instead.");
        string[] arguments =
        [
            $"--id={asked.Gpu}", "--query-gpu=power.draw", "--format=csv,noheader,nounits",
            $"--loop-ms={Math.Max(10, (int)Math.Round(1000 / asked.Rate)).ToString(CultureInfo.InvariantCulture)}",
        ];
        MeterDescription description = new(MeterKind.Power, EnergyBoundary.Rail, $"GPU {asked.Gpu} (the card, not the computer)", ResolutionWatts);
        // "[N/A]", "[Not Supported]" and error texts are no numbers.
        return Task.FromResult(Tool.Stream(description, program, arguments, 0, (line, at) => MeterReading.OfPower(at, MeterReading.Number(line))));
    }
}
