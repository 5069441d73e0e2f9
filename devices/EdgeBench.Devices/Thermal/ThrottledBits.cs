using System.Globalization;
using EdgeBench.Devices.Processes;

namespace EdgeBench.Devices.Thermal;

/// <summary>
/// A Raspberry Pi's <c>vcgencmd get_throttled</c>: bits 0 to 3 hold now, bits 16 to 19 since boot (Raspberry Pi documentation, "The config.txt file" and
/// "vcgencmd: get_throttled").
/// </summary>
public sealed record ThrottledBits(long Value)
{
    private const string Program = "vcgencmd";
    private const string Prefix = "throttled=";
    private const int UnderVoltage = 0, Sticky = 16;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);
    private static readonly string[] s_names = ["under-voltage", "clock capped", "throttled", "soft temperature limit"];

    public IReadOnlyList<string> Now => Named(Value);

    public IReadOnlyList<string> SinceBoot => Named(Value >> Sticky);

    public bool HasUnderVoltage => (Value >> UnderVoltage & 1) != 0;

    /// <summary>What happened between two readings: bits that are set now, and bits since boot that were not set before.</summary>
    public static long Between(long before, long after) => (after & 0xF) | (after >> Sticky & ~(before >> Sticky) & 0xF);

    /// <summary>Names of the lowest four bits.</summary>
    public static IReadOnlyList<string> Named(long bits) => [.. s_names.Where((_, bit) => (bits >> bit & 1) != 0)];

    /// <summary>The bits; null with the reason where the program fails, null without one where the device has no such program.</summary>
    public static (ThrottledBits? Bits, string? Problem) Read(SystemRoot root)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (root.Program(Program) is not { } program) return (null, null);
        ToolResult result = Tool.Run(program, ["get_throttled"], s_limit);
        return result.Output is null ? (null, result.Problem)
            : Parse(result.Output) is { } bits ? (bits, null)
            : (null, $"{Program} said '{result.Output[..Math.Min(result.Output.Length, 60)]}'; expected {Prefix}0x…");
    }

    /// <summary>Reads <c>throttled=0x50005</c>; null for anything else.</summary>
    public static ThrottledBits? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        string number = text.StartsWith(Prefix + "0x", StringComparison.Ordinal) ? text[(Prefix.Length + 2)..] : "";
        return number.Length <= 8 && long.TryParse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long bits) ? new ThrottledBits(bits) : null;
    }
}
