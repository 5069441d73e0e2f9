using System.Diagnostics;
using System.Globalization;

namespace EdgeBench.Cli.Tests;

public class InterruptionTests
{
    // One trial of a minute, so that a signal meets it.
    private const string Bench = """
        name: long
        models: { m: random:llama-15m }
        recipes: { stored: [] }
        backends: [managed]
        devices: [local]
        workloads: { w: { scenario: single-stream, tests: [tg16], threads: 1 } }
        measure: { sessions: 1, min_samples: 3, min_duration: 60s, max_duration: 60s }
        """;

    private const int Terminated = 128 + 15;

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_a_run_that_keeps_what_it_has(string signal)
    {
        CommandResult result = await SignalledAsync(signal);
        Assert.Equal(4, result.ExitCode);
        Assert.EndsWith("error: interrupted; what was measured is kept, and the same command goes on from there.", result.Error.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_at_once_end_it_without_a_fault()
    {
        CommandResult result = await SignalledAsync("TERM", "TERM");
        // Whichever comes first: the run's own end or the second signal's.
        Assert.Contains(result.ExitCode, new[] { 4, Terminated });
        Assert.DoesNotContain("xception", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    private static async Task<CommandResult> SignalledAsync(params string[] signals)
    {
        using CommandLine line = new();
        line.Write("bench.yaml", Bench);
        using Process run = line.Start(["run", "--no-report"]);
        Task<string> output = run.StandardOutput.ReadToEndAsync(), error = run.StandardError.ReadToEndAsync();
        string journal = Path.Combine(line.Folder, "runs", "long", "run.db");
        Assert.True(SpinWait.SpinUntil(() => File.Exists(journal) || run.HasExited, TimeSpan.FromMinutes(1)));
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        foreach (string signal in signals)
        {
            using Process kill = Process.Start("kill", [$"-{signal}", run.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        Assert.True(run.WaitForExit(TimeSpan.FromSeconds(50)), "the run went on");
        return new(run.ExitCode, await output, await error);
    }
}
