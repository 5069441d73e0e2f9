using EdgeBench.Devices.Processes;

namespace EdgeBench.Devices.Tests;

public class ToolTests
{
    private static ToolResult Shell(string script, double seconds = 10) => Tool.Run("/bin/sh", ["-c", script], TimeSpan.FromSeconds(seconds));

    [Fact]
    public void A_program_that_hangs_is_killed() => Assert.Equal("sh said nothing for 0.3 s", Shell("sleep 30", 0.3).Problem);

    [Fact]
    public void A_program_that_floods_keeps_its_last_lines()
    {
        ToolResult result = Shell("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done");
        Assert.EndsWith("line 19999", result.Output, StringComparison.Ordinal);
        Assert.InRange(result.Output!.Length, 1, Tool.MaxOutput);
    }

    [Fact]
    public void A_program_that_is_none_is_a_problem_and_no_crash() =>
        Assert.Contains("cannot be run", Tool.Run("/etc/os-release", [], TimeSpan.FromSeconds(1)).Problem, StringComparison.Ordinal);

    [Fact]
    public void Arguments_are_words_and_never_a_shells() =>
        Assert.Equal("$(id) ; *", Tool.Run("/bin/echo", ["$(id) ; *"], TimeSpan.FromSeconds(5)).Output);

    [Fact]
    public void Identity_tells_a_process_from_a_later_one_with_its_number()
    {
        ProcessIdentity self = ProcessIdentity.Of(Environment.ProcessId)!;
        Assert.True(self.IsAlive);
        Assert.False((self with { Started = self.Started - 1 }).IsAlive);
        Assert.Null(ProcessIdentity.Of(int.MaxValue));
    }
}
