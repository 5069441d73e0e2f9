using System.Globalization;
using System.Text.Json;
using EdgeBench.Agent.Native;
using EdgeBench.Agent.Serving;
using EdgeBench.Agent.Trials;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Pools;
using EdgeBench.Devices.Processes;
using EdgeBench.Devices.Thermal;

namespace EdgeBench.Agent;

/// <summary>
/// The agent's verbs: <c>serve</c> answers a controller, <c>task</c> carries out one task of a batch, <c>trial</c> runs one trial for either, <c>guard</c> puts a
/// device back whose agent was killed.
/// </summary>
public static class AgentHost
{
    private const int MaxRequestBytes = 16 * 1024 * 1024;

    /// <summary>Runs the verb and returns the exit code.</summary>
    public static int Run(string[] arguments, Programs programs)
    {
        ArgumentNullException.ThrowIfNull(programs);
        return arguments switch
        {
            ["serve"] => Serve(programs),
            [TrialCommand.Verb, var parent, var started] when Value(parent, "--parent=") is { } process && Value(started, "--started=") is { } timestamp =>
                RunTrial((int)process, timestamp, programs),
            [BatchFolder.Verb, var folder, var cache, var task] when cache.StartsWith(BatchFolder.CacheOption, StringComparison.Ordinal) && Value(task, "") is { } index =>
                RunTask(folder, cache[BatchFolder.CacheOption.Length..], (int)index, programs),
            [TuningGuard.Verb, var owner, var began] when Value(owner, "--owner=") is { } agent && Value(began, "--started=") is { } ticks =>
                TuningGuard.Run(new ProcessIdentity((int)agent, ticks), programs.Root),
            _ => Usage(arguments),
        };
    }

    private static int Serve(Programs programs)
    {
        int parent = Libc.ParentProcess();
        using FileStream output = PrivateOutput.Take();
        // Ctrl+C at a terminal reaches its whole foreground group: the controller decides what becomes of its agent.
        Libc.LeadGroup();
        RestoreTunings(programs);
        using PipeInput input = new();
        return new AgentServer(output, input, parent, programs).RunAsync().GetAwaiter().GetResult();
    }

    private static int RunTask(string folder, string cache, int index, Programs programs)
    {
        Environment.SetEnvironmentVariable(CacheFolders.Variable, cache);
        Environment.SetEnvironmentVariable(CacheFolders.SharedVariable, "1");
        RestoreTunings(programs);
        return BatchTask.RunAsync(new BatchFolder(folder), index, programs).GetAwaiter().GetResult();
    }

    private static void RestoreTunings(Programs programs)
    {
        foreach (string problem in HostTuning.RestoreLeftovers(programs.Root, HostTuning.Folder)) Console.Error.WriteLine($"edgebench-agent: {problem}");
    }

    private static int RunTrial(int parent, long started, Programs programs)
    {
        Libc.DieWithParent();
        if (Libc.ParentProcess() != parent) return (int)ExitCode.Infrastructure;
        Libc.LeadGroup();
        Libc.ForbidCoreDumps();
        VolunteerForKernelKill();
        using FileStream output = PrivateOutput.Take();
        using TrialRunner runner = new(ReadRequest(), new TrialWriter(output), started, programs);
        runner.Run();
        return (int)ExitCode.Done;
    }

    // The agent wrote it a moment ago, with the same serialiser; a request that cannot be read ends the process, and the agent reports that.
    private static TrialRequest ReadRequest()
    {
        using Stream input = Console.OpenStandardInput();
        using MemoryStream bytes = new();
        input.CopyTo(bytes);
        if (bytes.Length > MaxRequestBytes) throw new InvalidDataException($"The request has {bytes.Length} bytes; expected at most {MaxRequestBytes}.");
        return JsonSerializer.Deserialize(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), TrialJson.Wire.TrialRequest)
            ?? throw new InvalidDataException("The request is 'null'.");
    }

    // When memory runs out, the kernel should take the trial and neither the agent nor the user's session. A container may forbid it; then its order stands.
    private static void VolunteerForKernelKill()
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"oom_score_adj stays: {exception.Message}");
        }
    }

    private static long? Value(string argument, string key) =>
        argument.StartsWith(key, StringComparison.Ordinal) && long.TryParse(argument[key.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : null;

    private static int Usage(string[] arguments)
    {
        string given = arguments.Length == 0 ? "no verb" : $"'{string.Join(' ', arguments)}'";
        Console.Error.WriteLine($"edgebench-agent: {given}; expected 'serve'. edgebench starts this program by itself, and talks to it over its standard input and output.");
        return (int)ExitCode.BadInput;
    }
}
