using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
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

    [Fact]
    public void Every_launcher_has_a_name_of_its_own_and_options_that_say_what_they_are()
    {
        Assert.Equal(["local", "ssh", "command", "slurm"], LauncherRegistry.All.Select(launcher => launcher.Name));
        Assert.All(LauncherRegistry.All, launcher => Assert.Same(launcher, LauncherRegistry.Find(launcher.Name)));
        IEnumerable<PropertyInfo> options = LauncherRegistry.All.Select(launcher => launcher.OptionsType).OfType<Type>().SelectMany(type => type.GetProperties().Where(property => property.CanWrite));
        Assert.All(options, option => Assert.NotNull(option.GetCustomAttribute<DescriptionAttribute>()));
    }

    [Fact]
    public async Task A_command_starts_the_agent_with_every_word_as_it_is()
    {
        CommandOptions options = new() { Command = ["sh", "-c", "echo \"$0|$1\" >&2; exit 3", "a b", "$HOME"] };
        Assert.Contains("exit code 3; its last words: a b|$HOME", (await RefusalAsync(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_emulated_runtime_is_told_to_write_its_code_where_it_runs()
    {
        CommandOptions options = new() { Through = ["env"], Command = ["sh", "-c", "echo \"$DOTNET_EnableWriteXorExecute $EDGEBENCH_AGENT_THROUGH\" >&2; exit 3"] };
        Assert.Contains("its last words: 0 [\"env\"]", (await RefusalAsync(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_without_OpenSSL_is_told_what_to_install()
    {
        CommandOptions options = new() { Command = ["sh", "-c", "echo No usable version of libssl was found >&2; kill -ABRT $$"] };
        Assert.Contains("Debian: libssl3", (await RefusalAsync(options)).Message, StringComparison.Ordinal);
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

    private static Task<EdgeBenchException> RefusalAsync(CommandOptions options)
    {
        DeviceSpec device = new("box", "command") { LauncherOptions = JsonSerializer.SerializeToElement(options, EdgeBenchJson.Options) };
        return Assert.ThrowsAnyAsync<EdgeBenchException>(() => LauncherRegistry.For(device).StartAsync(device, TestContext.Current.CancellationToken));
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
