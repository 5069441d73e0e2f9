using System.Diagnostics;
using CsCheck;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Devices.Tests;

public class SshCommandTests
{
    [Fact]
    public void Every_word_reaches_the_other_shell_as_it_is() => Gen.String[Gen.Char['\u0001', '\u007f'], 0, 30].Array[1, 4].Sample(words =>
    {
        using Process shell = Process.Start(AgentProgram.Command("sh", "-c", $"printf '%s\\0' {string.Join(' ', words.Select(SshCommand.Quote))}"))!;
        Assert.Equal(string.Concat(words.Select(word => word + '\0')), shell.StandardOutput.ReadToEnd());
        shell.WaitForExit();
    }, iter: 60);

    [Fact]
    public void Ssh_asks_nothing_and_takes_user_port_jump_and_options_apart()
    {
        SshOptions options = new() { Host = "board", User = "pi", Port = 2200, Jump = "me@gate:22", Options = ["IdentityFile=~/.ssh/a b"] };
        string[] arguments = [.. SshCommand.Of(options, "d", "sh", "-c", "echo $HOME").ArgumentList];
        Assert.Equal(["-l", "pi", "-p", "2200", "-J", "me@gate:22", "--", "board", "'sh' '-c' 'echo $HOME'"], arguments[^9..]);
        Assert.Contains("BatchMode=yes", arguments);
        Assert.Equal("-o", arguments[Array.IndexOf(arguments, "IdentityFile=~/.ssh/a b") - 1]);
    }

    [Theory]
    [InlineData("-oProxyCommand=touch /tmp/x")]
    [InlineData("a b")]
    [InlineData("$(reboot)")]
    [InlineData("`reboot`")]
    [InlineData("a;b")]
    [InlineData("")]
    public void A_host_that_is_no_name_is_refused(string host)
    {
        EdgeBenchException refusal = Assert.Throws<EdgeBenchException>(() => SshCommand.Of(new SshOptions { Host = host }, "d", "true"));
        Assert.Equal(ExitCode.BadInput, refusal.ExitCode);
        Assert.Throws<EdgeBenchException>(() => SshCommand.Of(new SshOptions { Host = "h", User = host }, "d", "true"));
        Assert.Throws<EdgeBenchException>(() => SshCommand.Of(new SshOptions { Host = "h", Jump = host }, "d", "true"));
    }
}
