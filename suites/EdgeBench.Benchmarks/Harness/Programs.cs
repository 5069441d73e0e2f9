using System.Diagnostics;

namespace EdgeBench.Benchmarks.Harness;

/// <summary>The programs that a benchmark starts, as a user would, and what they cost.</summary>
internal static class Programs
{
    /// <summary>The command line of the same build configuration.</summary>
    public static string CommandLine { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "harness",
        "EdgeBench.Cli", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "edgebench.dll"));

    public static string Agent { get; } = Path.Combine(Path.GetDirectoryName(CommandLine)!, "agent", "edgebench-agent.dll");

    private static string Self => Path.Combine(AppContext.BaseDirectory, "edgebench-benchmarks.dll");

    public static (double Seconds, string Output) EdgeBench(params string[] arguments) => Run(CommandLine, arguments);

    /// <summary>The bare loop over llama.cpp's C API, in a process of its own.</summary>
    public static (double Seconds, string Output) BareLoop(string model, string library, int threads, string test, int repetitions) =>
        Run(Self, ["agreement", model, "--library", library, "--threads", $"{threads}", "--tests", test, "--repetitions", $"{repetitions}"]);

    /// <summary>A command of this program, in a process of its own.</summary>
    public static (double Seconds, string Output) Benchmark(params string[] arguments) => Run(Self, arguments);

    /// <summary>The command line, with its streams redirected and still running.</summary>
    public static Process Start(params IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo("dotnet", [CommandLine, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static (double Seconds, string Output) Run(string program, string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{Path.GetFileName(program)} {string.Join(' ', arguments)}' ended with {process.ExitCode}: {output}{errors.Result}");
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, output);
    }
}
