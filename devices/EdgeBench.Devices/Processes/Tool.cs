using System.ComponentModel;
using System.Diagnostics;

namespace EdgeBench.Devices.Processes;

/// <summary>What a program of the system said.</summary>
/// <param name="Output">Its standard output, at most <see cref="Tool.MaxOutput"/> characters; null where it failed.</param>
/// <param name="Problem">Why it failed; null where it did not.</param>
public sealed record ToolResult(string? Output, string? Problem);

/// <summary>Runs a small program of the system, such as <c>nvpmodel -q</c>: no shell, bounded in time and in output.</summary>
public static class Tool
{
    public const int MaxOutput = 64 * 1024;

    /// <param name="limit">After this the program is killed.</param>
    public static ToolResult Run(string program, IEnumerable<string> arguments, TimeSpan limit)
    {
        string name = Path.GetFileName(program);
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Words and numbers in the language that they are parsed in.
            Environment = { ["LC_ALL"] = "C" },
        };
        try
        {
            using Process process = Process.Start(start) ?? throw new InvalidOperationException("no process");
            process.StandardInput.Close();
            TextTail errors = new(process.StandardError.BaseStream);
            TextTail output = new(process.StandardOutput.BaseStream, MaxOutput);
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                return new ToolResult(null, $"{name} said nothing for {limit.TotalSeconds:0.#} s");
            }
            // Something that it left behind may hold the stream open.
            Task.WhenAny(Task.WhenAll(output.Completion, errors.Completion), Task.Delay(500)).GetAwaiter().GetResult();
            return process.ExitCode == 0
                ? new ToolResult(output.LastLines(1000), null)
                : new ToolResult(null, $"{name} ended with exit code {process.ExitCode}{Words(errors.LastLines(3))}");
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or IOException)
        {
            return new ToolResult(null, $"{name} cannot be run: {exception.Message}");
        }
    }

    private static string Words(string text) => text.Length == 0 ? "" : $": {text.ReplaceLineEndings(" ")}";
}
