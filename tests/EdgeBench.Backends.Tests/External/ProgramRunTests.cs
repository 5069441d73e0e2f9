using System.Diagnostics;
using System.Runtime.Versioning;
using EdgeBench.Backends.External.Programs;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.Tests.External;

[SupportedOSPlatform("linux")]
public sealed class ProgramRunTests : IDisposable
{
    private readonly DeviceList _device = new();

    public void Dispose() => _device.Dispose();

    [Fact]
    public void Output_and_arguments_pass_through_unchanged()
    {
        ProgramResult result = Run("printf '%s\\n' \"$@\"; echo noise >&2; pwd", arguments: ["a b", "$(id)", "; rm -rf x", "*", "ü"]);
        Assert.Equal($"a b\n$(id)\n; rm -rf x\n*\nü\n{_device.Folder}\n", result.Output.Output);
        Assert.Equal("noise\n", result.Output.Errors);
    }

    [Fact]
    public void Lines_have_the_times_at_which_they_came()
    {
        ProgramResult result = ProgramRun.Run([], new ProgramLimits(_device.Script("tool", "echo one; sleep 0.3; printf 'two\\r\\nthree\\n'; echo four >&2; sleep 0.2; printf five"), _device.Folder, TimeSpan.FromSeconds(20), 1L << 33) { Times = true });
        IReadOnlyList<ArrivedLine> lines = result.Output.OutputLines;
        Assert.Equal(["one", "two", "three", "five"], lines.Select(line => line.Text));
        Assert.Equal("four", Assert.Single(result.Output.ErrorLines).Text);
        // A loaded machine reads late, and never early.
        Assert.True(lines[1].At >= 0.3 && lines[3].At >= 0.5 && lines[3].At <= result.Output.Seconds + 0.5, string.Join(", ", lines));
        Assert.True(lines.Zip(lines.Skip(1)).All(pair => pair.First.At <= pair.Second.At));
        Assert.Empty(Run("echo one").Output.OutputLines);
    }

    [Fact]
    public void Nothing_waits_for_input() => Assert.Equal("end\n", Run("cat; echo end").Output.Output);

    [Fact]
    public void What_the_agent_sets_for_its_own_programs_is_not_handed_on()
    {
        Environment.SetEnvironmentVariable("DOTNET_TieredCompilation", "0");
        try
        {
            Assert.Equal("unset\n", Run("echo ${DOTNET_TieredCompilation-unset}").Output.Output);
        }
        finally
        {
            Environment.SetEnvironmentVariable("DOTNET_TieredCompilation", null);
        }
    }

    [Fact]
    public void An_exit_code_is_a_crash_with_the_last_words()
    {
        TrialFailure failure = Fails("echo on its way; echo no such model >&2; exit 3");
        Assert.Equal(FailureKind.Crash, failure.Kind);
        Assert.Contains("ended with exit code 3; its last words: on its way\nno such model", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_is_a_crash_with_its_number() => Assert.Contains("was killed by signal 11", Fails("kill -SEGV $$").Message, StringComparison.Ordinal);

    [Fact]
    public void A_program_that_hangs_is_killed_with_its_children()
    {
        Stopwatch watch = Stopwatch.StartNew();
        TrialFailure failure = Fails("sleep 1234.5 & sleep 1234.5; wait", time: 0.5);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.4, 10);
        Assert.Equal(FailureKind.Hang, failure.Kind);
        Assert.DoesNotContain("1234.5", CommandLines());
    }

    [Fact]
    public void Children_that_a_program_leaves_behind_are_killed_and_do_not_hold_its_output_up()
    {
        // Another run of the tests on this machine has another number.
        string seconds = $"4321.{Environment.ProcessId}";
        Stopwatch watch = Stopwatch.StartNew();
        ProgramResult result = Run($"sleep {seconds} & sleep 0.4; echo done");
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.3, 10);
        Assert.Equal("done\n", result.Output.Output);
        // A killed process is listed until somebody has reaped it.
        Assert.True(SpinWait.SpinUntil(() => !CommandLines().Contains(seconds, StringComparison.Ordinal), TimeSpan.FromSeconds(5)), "the child still runs");
    }

    [Fact]
    public void A_flood_of_output_ends_the_program()
    {
        TrialFailure failure = Fails("yes", outputBytes: 1 << 20);
        Assert.Equal(FailureKind.Protocol, failure.Kind);
        Assert.Contains("wrote more than 1 MiB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flood_of_errors_ends_the_program() => Assert.Equal(FailureKind.Protocol, Fails("yes >&2", outputBytes: 1 << 20).Kind);

    [Fact]
    public void Memory_is_that_of_the_program_with_its_children()
    {
        // dd holds its block of 48 MiB while it waits for the next one.
        ProgramResult result = Run("(echo x; sleep 0.7) | dd bs=50331648 iflag=fullblock of=/dev/null 2>/dev/null");
        Assert.InRange(result.PeakBytes!.Value, 1 << 20, 128 << 20);
    }

    [Fact]
    public void Memory_past_the_limit_ends_the_program()
    {
        TrialFailure failure = Fails("dd if=/dev/zero bs=67108864 count=1 2>/dev/null | (sleep 20; cat >/dev/null)", memory: 32 << 20);
        Assert.Equal(FailureKind.OutOfMemory, failure.Kind);
        Assert.Contains("passed the memory limit of 32 MiB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_started_is_a_missing_backend()
    {
        string path = _device.Script("tool", "exit 0");
        File.WriteAllText(path, "#!/no/such/interpreter\n");
        TrialFailure failure = Assert.Throws<TrialException>(() => ProgramRun.Run([], Limits(path, 5, long.MaxValue, 1 << 20))).Failure;
        Assert.Equal(FailureKind.BackendMissing, failure.Kind);
    }

    private static string CommandLines() => string.Join('\n', Directory.EnumerateDirectories("/proc").Select(folder => Path.Combine(folder, "cmdline")).Where(File.Exists).Select(Text));

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private ProgramLimits Limits(string path, double time, long memory, int outputBytes) =>
        new(path, _device.Folder, TimeSpan.FromSeconds(time), memory) { OutputBytes = outputBytes };

    private ProgramResult Run(string script, double time = 20, long memory = long.MaxValue, int outputBytes = ProgramRun.MaxOutputBytes, string[]? arguments = null) =>
        ProgramRun.Run(arguments ?? [], Limits(_device.Script("tool", script), time, memory, outputBytes));

    private TrialFailure Fails(string script, double time = 20, long memory = long.MaxValue, int outputBytes = ProgramRun.MaxOutputBytes) =>
        Assert.Throws<TrialException>(() => Run(script, time, memory, outputBytes)).Failure;
}
