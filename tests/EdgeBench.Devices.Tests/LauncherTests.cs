using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Devices.Tests;

[CollectionDefinition(nameof(LauncherTests), DisableParallelization = true)]
[Collection(nameof(LauncherTests))]
public class LauncherTests
{
    [Fact]
    public void An_unknown_launcher_is_named_with_a_guess()
    {
        EdgeBenchException refusal = Assert.Throws<EdgeBenchException>(() => LauncherRegistry.For(new DeviceSpec("here", "locale")));
        Assert.Equal(ExitCode.BadInput, refusal.ExitCode);
        Assert.Contains("Did you mean 'local'?", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere/agent", "EDGEBENCH_AGENT=/nowhere/agent")]
    [InlineData("/etc/os-release", "cannot be started: /etc/os-release")]
    [InlineData("/bin/false", "gone (exit code 1)")]
    public async Task An_agent_that_is_none_is_named_with_the_remedy(string program, string words)
    {
        EdgeBenchException refusal = await StartAsync(program);
        Assert.Equal(ExitCode.Infrastructure, refusal.ExitCode);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absent_agent_is_missed_where_it_should_be()
    {
        EdgeBenchException refusal = await StartAsync(null);
        Assert.Contains(Path.Combine(AppContext.BaseDirectory, "agent", "edgebench-agent"), refusal.Message, StringComparison.Ordinal);
        Assert.Contains("EDGEBENCH_AGENT", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<EdgeBenchException> StartAsync(string? program)
    {
        string? before = Environment.GetEnvironmentVariable(AgentProgram.Variable);
        Environment.SetEnvironmentVariable(AgentProgram.Variable, program);
        try
        {
            return await Assert.ThrowsAnyAsync<EdgeBenchException>(() =>
                new LocalLauncher().StartAsync(new DeviceSpec("here"), TestContext.Current.CancellationToken));
        }
        finally
        {
            Environment.SetEnvironmentVariable(AgentProgram.Variable, before);
        }
    }
}
