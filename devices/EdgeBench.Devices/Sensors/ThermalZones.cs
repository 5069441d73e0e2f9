namespace EdgeBench.Devices.Sensors;

/// <summary>Temperatures as the kernel's thermal zones show them; empty where it has none (usual in a virtual machine).</summary>
public static class ThermalZones
{
    // Beyond these no electronics work: what a disconnected or a sleeping sensor says.
    private const double Coldest = -55, Hottest = 150;

    // A Tegra's power controller reports a constant 100 °C.
    private const string Constant = "PMIC-Die";

    /// <summary>°C by the zone's type; of two zones with one type the second carries its number.</summary>
    public static IReadOnlyDictionary<string, double> Read(SystemRoot root)
    {
        ArgumentNullException.ThrowIfNull(root);
        Dictionary<string, double> zones = [];
        foreach (string zone in root.Folders("sys/class/thermal", "thermal_zone"))
        {
            if (root.Number($"{zone}/temp") / 1000.0 is not { } celsius || celsius is < Coldest or > Hottest) continue;
            string number = Path.GetFileName(zone), name = root.Text($"{zone}/type") is { Length: > 0 and <= 64 } type ? type : number;
            if (name != Constant && !zones.TryAdd(name, celsius)) zones[$"{name} ({number})"] = celsius;
        }
        return zones;
    }

    /// <summary>The hottest zone in °C, or null where there is none.</summary>
    public static double? Highest(SystemRoot root) => Read(root) is { Count: > 0 } zones ? zones.Values.Max() : null;
}
