namespace EdgeBench.Devices.Power.Jetson;

/// <summary>One channel of a Jetson's power monitors.</summary>
/// <param name="Read">Power in W now; null where it cannot be read.</param>
internal sealed record JetsonRail(string Label, Func<double?> Read)
{
    /// <summary>Every labelled channel: INA3221 and INA238 below hwmon (JetPack 5 and later, Thor), else INA3221 below its own driver (JetPack 4).</summary>
    public static IReadOnlyList<JetsonRail> Find(SystemRoot root)
    {
        JetsonRail[] current = [.. root.Folders("sys/class/hwmon", "hwmon").SelectMany(folder => OfHwmon(root, folder))];
        return current.Length > 0 ? current
            : [.. root.Folders("sys/bus/i2c/drivers/ina3221x", "").SelectMany(chip => root.Folders(chip, "iio")).SelectMany(folder => OfDriver(root, folder))];
    }

    private static IEnumerable<JetsonRail> OfHwmon(SystemRoot root, string folder)
    {
        string? chip = root.Text($"{folder}/name");
        if (chip == "ina238")
        {
            // One channel; Thor's sits in its input, and its driver writes no label.
            yield return new JetsonRail(root.Text($"{folder}/in1_label") ?? "VIN", () => root.Number($"{folder}/power1_input") / 1e6 ?? Product(root, folder, 1));
        }
        if (chip != "ina3221") yield break;
        for (int channel = 1; channel <= 3; channel++)
        {
            int number = channel;
            if (root.Text($"{folder}/in{number}_label") is { Length: > 0 } label && label != "NC") yield return new JetsonRail(label, () => Product(root, folder, number));
        }
    }

    // mV × mA.
    private static double? Product(SystemRoot root, string folder, int channel) =>
        root.Number($"{folder}/in{channel}_input") * (root.Number($"{folder}/curr{channel}_input") / 1e6);

    // mW, else mV × mA.
    private static IEnumerable<JetsonRail> OfDriver(SystemRoot root, string folder)
    {
        for (int channel = 0; channel < 3; channel++)
        {
            int number = channel;
            if (root.Text($"{folder}/rail_name_{number}") is not { Length: > 0 } label || label == "NC") continue;
            yield return new JetsonRail(label, () => root.Number($"{folder}/in_power{number}_input") / 1e3
                ?? root.Number($"{folder}/in_voltage{number}_input") * (root.Number($"{folder}/in_current{number}_input") / 1e6));
        }
    }
}
