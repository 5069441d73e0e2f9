using System.Text.Json;
using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power.Sessions;

namespace EdgeBench.Devices.Power.Hwmon;

/// <summary>
/// A power monitor such as TI's INA219, INA226 or INA260 that the kernel shows below <c>/sys/class/hwmon</c> (Documentation/hwmon/ina2xx.rst): power1_input
/// in µW, else in1_input (mV) times curr1_input (mA).
/// </summary>
public sealed class HwmonMeter : IPowerMeter
{
    private const string Folder = "sys/class/hwmon";

    // Which chips measure the power of a supply line. Others there (graphics cards, batteries) have a power1_input that means something else.
    private static readonly string[] s_monitors =
    [
        "ina209", "ina219", "ina220", "ina226", "ina228", "ina230", "ina231", "ina233", "ina234", "ina237", "ina238", "ina260", "ina700", "ina780", "sy24655",
    ];

    public string Name => "hwmon";

    public Type OptionsType => typeof(HwmonOptions);

    public EnergyBoundary Boundary => EnergyBoundary.Board;

    public Task<IMeterSession> OpenAsync(SystemRoot root, JsonElement options, CancellationToken cancellation)
    {
        HwmonOptions asked = MeterOptions.Of<HwmonOptions>(options);
        (string folder, string chip) = Choose(root, asked);
        if (Watts(root, folder, asked.Channel) is null)
        {
            throw new MeterException($"/{folder} ({chip}) shows neither power{asked.Channel}_input nor in{asked.Channel}_input with curr{asked.Channel}_input",
                "Correct 'channel' of the meter, or let this user read the files.");
        }
        MeterDescription description = new(MeterKind.Power, asked.Boundary, $"{chip} at {Path.GetFileName(folder)}, channel {asked.Channel}");
        return Task.FromResult<IMeterSession>(PolledSession.OfFiles(description, asked.Rate, () => MeterReading.OfPower(MeterClock.Now, Watts(root, folder, asked.Channel))));
    }

    private static double? Watts(SystemRoot root, string folder, int channel) => root.Number($"{folder}/power{channel}_input") / 1e6
        ?? root.Number($"{folder}/in{channel}_input") * (root.Number($"{folder}/curr{channel}_input") / 1e6);

    private static (string Folder, string Chip) Choose(SystemRoot root, HwmonOptions asked)
    {
        (string Folder, string Chip)[] all = [.. root.Folders(Folder, "hwmon").Select(folder => (folder, root.Text($"{folder}/name") ?? ""))];
        (string Folder, string Chip)[] fit = [.. all.Where(one => (asked.Chip is { } name ? one.Chip == name : s_monitors.Contains(one.Chip))
            && (asked.Device is null || Path.GetFileName(one.Folder) == asked.Device))];
        if (fit.Length == 1) return fit[0];
        string wanted = $"{asked.Chip ?? "power monitor"}{(asked.Device is { } device ? $" at {device}" : "")}";
        string Names(IEnumerable<(string Folder, string Chip)> some) => string.Join(", ", some.Select(one => $"{Path.GetFileName(one.Folder)} ({one.Chip})"));
        throw fit.Length == 0
            ? new MeterException($"there is no {wanted} below /{Folder} (found: {(all.Length == 0 ? "nothing" : Names(all))})", "Load the chip's driver (device tree overlay), or name another 'chip'.")
            : new MeterException($"{fit.Length} chips fit {wanted}: {Names(fit)}", "Name one by 'device' of the meter.");
    }
}
