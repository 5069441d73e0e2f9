using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;

namespace EdgeBench.Cli.Output;

/// <summary>A device in one line for people.</summary>
internal static class DeviceText
{
    /// <summary>Such as <c>my-pi: raspberry-pi-5 through ssh, meters rapl, waits until below 60 °C</c>.</summary>
    public static string Line(DeviceSpec device) => $"{device.Name}: {string.Join(", ", Parts(device))}";

    private static IEnumerable<string> Parts(DeviceSpec device)
    {
        yield return $"{(device.Profile is { } profile ? $"{profile} " : "")}through {device.Launcher}";
        if (device.Tier != Tier.Measured) yield return device.Tier.ToString().ToLowerInvariant();
        if (device.Meters.Count > 0) yield return $"meters {string.Join(" and ", device.Meters.Select(meter => meter.Type))}";
        if (device.Cooldown is { } cooldown)
        {
            string rest = cooldown.Rest > TimeSpan.Zero ? $"rests {cooldown.Rest.TotalSeconds:0.#} s" : "";
            string below = cooldown.Below is { } limit ? $"waits until below {limit} °C for at most {cooldown.Limit.TotalSeconds:0} s" : "";
            yield return string.Join(" and ", new[] { rest, below }.Where(part => part.Length > 0));
        }
        if (device.Tuning?.Governor is { } governor) yield return $"governor {governor}";
        if (device.Tuning?.JetsonClocks == true) yield return "jetson_clocks";
    }
}
