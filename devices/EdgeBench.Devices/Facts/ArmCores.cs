namespace EdgeBench.Devices.Facts;

/// <summary>Names of Arm cores by implementer and part number (MIDR_EL1), for those found on boards and servers that run small models.</summary>
internal static class ArmCores
{
    private static readonly Dictionary<(int Implementer, int Part), string> s_names = new()
    {
        [(0x41, 0xc07)] = "Cortex-A7",
        [(0x41, 0xc08)] = "Cortex-A8",
        [(0x41, 0xc09)] = "Cortex-A9",
        [(0x41, 0xd03)] = "Cortex-A53",
        [(0x41, 0xd04)] = "Cortex-A35",
        [(0x41, 0xd05)] = "Cortex-A55",
        [(0x41, 0xd07)] = "Cortex-A57",
        [(0x41, 0xd08)] = "Cortex-A72",
        [(0x41, 0xd09)] = "Cortex-A73",
        [(0x41, 0xd0a)] = "Cortex-A75",
        [(0x41, 0xd0b)] = "Cortex-A76",
        [(0x41, 0xd0c)] = "Neoverse-N1",
        [(0x41, 0xd40)] = "Neoverse-V1",
        [(0x41, 0xd41)] = "Cortex-A78",
        [(0x41, 0xd42)] = "Cortex-A78AE",
        [(0x41, 0xd44)] = "Cortex-X1",
        [(0x41, 0xd49)] = "Neoverse-N2",
        [(0x41, 0xd4f)] = "Neoverse-V2",
    };

    /// <summary>The core's name, or its numbers where it is not in the list. Both arguments as the kernel writes them: <c>0x41</c>.</summary>
    public static string Name(string implementer, string part) =>
        s_names.TryGetValue((Hexadecimal(implementer), Hexadecimal(part)), out string? name) ? name : $"Arm implementer {implementer} part {part}";

    private static int Hexadecimal(string text)
    {
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return int.TryParse(digits, System.Globalization.NumberStyles.AllowHexSpecifier, null, out int value) ? value : -1;
    }
}
