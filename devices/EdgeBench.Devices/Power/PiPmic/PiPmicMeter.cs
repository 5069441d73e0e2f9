using System.Text.Json;
using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power.Sessions;
using EdgeBench.Devices.Power.Tools;

namespace EdgeBench.Devices.Power.PiPmic;

/// <summary>
/// The power controller of a Raspberry Pi 5, whose outputs its firmware measures. It does not see what bypasses it: the 5 V of USB ports, fan, HATs and
/// GPIO pins, nor its own losses.
/// </summary>
public sealed class PiPmicMeter : IPowerMeter
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);

    public string Name => "pi-pmic";

    public Type OptionsType => typeof(PiPmicOptions);

    public EnergyBoundary Boundary => EnergyBoundary.Rail;

    public async Task<IMeterSession> OpenAsync(SystemRoot root, JsonElement options, CancellationToken cancellation)
    {
        PiPmicOptions asked = MeterOptions.Of<PiPmicOptions>(options);
        string program = ToolFinder.Find(root, "vcgencmd", "Install Raspberry Pi OS's package raspi-utils; only a Raspberry Pi 5 (or Compute Module 5) measures its rails.");
        string? first = await Tool.OutputAsync(program, ["pmic_read_adc"], s_limit, cancellation).ConfigureAwait(false);
        if (first is null || PmicText.Watts(first) is null)
        {
            throw new MeterException($"'{program} pmic_read_adc' does not answer with currents and voltages",
                "Only a Raspberry Pi 5 (or Compute Module 5) has this; there, add the user to the group video (usermod -aG video).");
        }
        MeterDescription description = new(MeterKind.Power, EnergyBoundary.Rail, "outputs of the power controller (not the 5 V of USB, fan, HATs and GPIO, nor its own losses)");
        return new PolledSession(description, asked.Rate, token => ReadAsync(program, token));
    }

    private static async ValueTask<MeterReading> ReadAsync(string program, CancellationToken cancellation)
    {
        double before = MeterClock.Now;
        string? text = await Tool.OutputAsync(program, ["pmic_read_adc"], s_limit, cancellation).ConfigureAwait(false);
        return MeterReading.OfPower((before + MeterClock.Now) / 2, text is null ? null : PmicText.Watts(text));
    }
}
