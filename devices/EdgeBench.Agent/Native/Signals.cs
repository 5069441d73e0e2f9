namespace EdgeBench.Agent.Native;

/// <summary>Names of the signals that end processes (signal(7); the same numbers on x86 and Arm).</summary>
internal static class Signals
{
    private static readonly Dictionary<int, string> s_names = new()
    {
        [1] = "SIGHUP",
        [2] = "SIGINT",
        [3] = "SIGQUIT",
        [4] = "SIGILL",
        [5] = "SIGTRAP",
        [6] = "SIGABRT",
        [7] = "SIGBUS",
        [8] = "SIGFPE",
        [9] = "SIGKILL",
        [11] = "SIGSEGV",
        [13] = "SIGPIPE",
        [14] = "SIGALRM",
        [15] = "SIGTERM",
        [24] = "SIGXCPU",
        [25] = "SIGXFSZ",
        [31] = "SIGSYS",
    };

    /// <summary>The signal that .NET's exit code (128 + signal) stands for, or null.</summary>
    public static int? FromExitCode(int exitCode) => exitCode > 128 && s_names.ContainsKey(exitCode - 128) ? exitCode - 128 : null;

    public static string Describe(int signal) => $"killed by signal {signal} ({s_names.GetValueOrDefault(signal, "unknown")})";
}
