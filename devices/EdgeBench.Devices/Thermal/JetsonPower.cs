using EdgeBench.Devices.Processes;

namespace EdgeBench.Devices.Thermal;

/// <summary>A Jetson's power mode, as <c>nvpmodel -q</c> tells it.</summary>
public static class JetsonPower
{
    private const string Program = "nvpmodel", Line = "NV Power Mode:";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    /// <summary>The mode; null with the reason where the program fails, null without one on what is no Jetson.</summary>
    public static (string? Mode, string? Problem) Mode(SystemRoot root)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (root.Program(Program) is not { } program) return (null, null);
        ToolResult result = Tool.Run(program, ["-q"], s_limit);
        return result.Output is null ? (null, result.Problem)
            : Parse(result.Output) is { } mode ? (mode, null)
            : (null, $"{Program} -q showed no line '{Line} …'");
    }

    /// <summary>The mode's name of <c>NV Power Mode: MAXN</c> (JetPack 4 writes <c>NV Power Mode: MODE_10W</c> and its number below).</summary>
    public static string? Parse(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        string? line = output.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal));
        return line?[Line.Length..].Trim() is { Length: > 0 and <= 64 } mode ? mode : null;
    }
}
