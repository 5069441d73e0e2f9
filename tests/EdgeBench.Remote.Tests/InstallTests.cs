using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Installing;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Remote.Tests;

[Collection(nameof(Collection))]
public class InstallTests(LoopbackSshd sshd)
{
    private readonly SshLauncher _launcher = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_start_installs_and_the_second_finds_the_agent_there()
    {
        sshd.Require();
        string folder = sshd.NewPath();
        DeviceSpec device = sshd.Device(folder);
        await using (IAgentConnection agent = await _launcher.StartAsync(device, Cancellation)) Assert.False(agent.IsLost);
        string program = Assert.Single(Directory.GetFiles(folder, AgentProgram.Name, SearchOption.AllDirectories));
        Assert.Equal(["edgebench-agent", "libextra.so"], Directory.GetFiles(Path.GetDirectoryName(program)!).Select(path => Path.GetFileName(path)).Order());
        DateTime written = File.GetLastWriteTimeUtc(program);
        await using (IAgentConnection agent = await _launcher.StartAsync(device, Cancellation)) Assert.False(agent.IsLost);
        Assert.Equal(written, File.GetLastWriteTimeUtc(program));
    }

    [Fact]
    public async Task An_installation_is_checked_and_mended()
    {
        sshd.Require();
        string folder = sshd.NewPath();
        DeviceSpec device = sshd.Device(folder);
        InstallReport first = await _launcher.InstallAsync(device, null, Cancellation);
        InstallReport second = await _launcher.InstallAsync(device, null, Cancellation);
        Assert.Equal((false, true), (first.Already, second.Already));
        File.AppendAllText(Directory.GetFiles(folder, "libextra.so", SearchOption.AllDirectories)[0], "!");
        Assert.False((await _launcher.InstallAsync(device, null, Cancellation)).Already);
        Assert.True((await _launcher.InstallAsync(device, null, Cancellation)).Already);
    }

    [Theory]
    [InlineData("with blank")]
    [InlineData("it's \"quoted\" $(touch gotcha) `touch gotcha` ; touch gotcha")]
    [InlineData("-rf")]
    public async Task A_folder_of_any_name_is_just_a_folder(string name)
    {
        sshd.Require();
        string folder = Path.Combine(sshd.NewPath(), name);
        await using IAgentConnection agent = await _launcher.StartAsync(sshd.Device(folder), Cancellation);
        Assert.Single(Directory.GetFiles(folder, AgentProgram.Name, SearchOption.AllDirectories));
        Assert.False(File.Exists(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "gotcha")));
    }

    [Fact]
    public async Task An_upload_that_is_cut_leaves_no_agent_and_the_next_start_installs_one()
    {
        sshd.Require();
        string folder = sshd.NewPath();
        string packages = sshd.WritePackages("large", LoopbackSshd.AgentScript + new string('#', 30 << 20));
        using PackagesAt large = new(packages);
        using CutLink link = new(sshd.Port);
        Task<InstallReport> install = _launcher.InstallAsync(sshd.Device(folder, link.Port), null, Cancellation);
        await Device.UntilAsync(() => link.Passed > 4 << 20, 20, "the upload");
        link.Break();
        EdgeBenchException failure = await Assert.ThrowsAsync<EdgeBenchException>(() => install);
        Assert.Equal(ExitCode.Infrastructure, failure.ExitCode);
        await Device.UntilAsync(() => Directory.GetFiles(folder, "*.partial", SearchOption.AllDirectories).Length == 0, 20, "the end of the partial file");
        Assert.Empty(Directory.GetFiles(folder, AgentProgram.Name, SearchOption.AllDirectories));
        await using IAgentConnection agent = await _launcher.StartAsync(sshd.Device(folder), Cancellation);
        Assert.False(agent.IsLost);
    }

    [Fact]
    public async Task Another_agent_is_installed_beside_the_old_one()
    {
        sshd.Require();
        string folder = sshd.NewPath();
        await using (IAgentConnection old = await _launcher.StartAsync(sshd.Device(folder), Cancellation)) { }
        using PackagesAt newer = new(sshd.WritePackages("newer", LoopbackSshd.AgentScript + "# newer\n"));
        await using IAgentConnection agent = await _launcher.StartAsync(sshd.Device(folder), Cancellation);
        Assert.Equal(2, Directory.GetFiles(folder, AgentProgram.Name, SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Words_that_a_login_prints_are_no_agent()
    {
        sshd.Require();
        using PackagesAt chatty = new(sshd.WritePackages("chatty", "#!/bin/sh\necho Welcome to the board\n" + LoopbackSshd.AgentScript));
        EdgeBenchException refusal = await Assert.ThrowsAnyAsync<EdgeBenchException>(() => _launcher.StartAsync(sshd.Device(), Cancellation));
        Assert.Contains("expected JSON-RPC messages", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_package_the_platform_and_the_remedy_are_named()
    {
        sshd.Require();
        using PackagesAt none = new(sshd.NewPath());
        EdgeBenchException refusal = await Assert.ThrowsAsync<EdgeBenchException>(() => _launcher.StartAsync(sshd.Device(), Cancellation));
        Assert.Contains("there is no agent for linux-", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("publish-agents.sh", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_fails_says_what_ssh_said()
    {
        sshd.Require();
        EdgeBenchException refusal = await Assert.ThrowsAsync<EdgeBenchException>(() => _launcher.StartAsync(sshd.Device(port: 1), Cancellation));
        Assert.Contains("Connection refused", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Infrastructure, refusal.ExitCode);
    }

    private sealed class PackagesAt : IDisposable
    {
        private readonly string? _before = Environment.GetEnvironmentVariable(AgentPackages.Variable);

        public PackagesAt(string folder) => Environment.SetEnvironmentVariable(AgentPackages.Variable, folder);

        public void Dispose() => Environment.SetEnvironmentVariable(AgentPackages.Variable, _before);
    }
}
