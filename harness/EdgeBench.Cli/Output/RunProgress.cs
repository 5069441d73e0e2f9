using EdgeBench.Running.Execution;
using Spectre.Console;

namespace EdgeBench.Cli.Output;

/// <summary>Shows a run while it goes on; disposing ends the display.</summary>
internal interface IRunProgress : IRunObserver, IDisposable;

/// <summary>A live table on a terminal, plain lines elsewhere.</summary>
internal static class RunProgress
{
    /// <summary>Whether somebody looks at a terminal.</summary>
    public static bool IsLive => AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("CI") is null;

    public static IRunProgress Create() => IsLive ? new LiveProgress() : new PlainProgress(Console.Error);

    /// <summary>A duration as people say it: <c>1:02:03</c>, <c>4:05</c>, <c>12 s</c>.</summary>
    public static string Duration(TimeSpan time) => time.TotalHours >= 1 ? time.ToString(@"h\:mm\:ss") : time.TotalMinutes >= 1 ? time.ToString(@"m\:ss") : $"{time.TotalSeconds:0} s";
}
