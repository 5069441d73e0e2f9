using System.Diagnostics;
using System.Runtime.Versioning;
using EdgeBench.Devices.Installing;
using EdgeBench.Devices.Launching;
using EdgeBench.Testing;

namespace EdgeBench.Devices.Tests;

/// <summary>What an installation removes, by the script that a device runs, in a shell of this machine.</summary>
[SupportedOSPlatform("linux")]
public sealed class PruneTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly AgentPackage _package;

    public PruneTests()
    {
        string built = Directory.CreateDirectory(_folder.File("built")).FullName;
        File.WriteAllText(Path.Combine(built, AgentProgram.Name), "an agent");
        _package = AgentPackage.Read("linux-x64", built)!;
    }

    private string Agents => Path.Combine(_folder.Path, "device", InstalledAgents.FolderName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_two_newest_others_and_the_own_agent_stay()
    {
        foreach ((string id, int days) in new[] { (_package.Id, 400), (Id('a'), 1), (Id('b'), 2), (Id('c'), 3), (Id('d'), 4) }) Install(id, days);
        (int count, long bytes) = Prune();
        Assert.Equal(new[] { _package.Id, Id('a'), Id('b') }.Order(), Left());
        Assert.Equal(2, count);
        Assert.InRange(bytes, 2 * 100_000, 2 * 200_000);
        Assert.Equal((0, 0), Prune());
    }

    [Fact]
    public void An_agent_that_nobody_started_for_a_month_goes_even_if_it_is_the_newest()
    {
        Install(_package.Id, 0);
        Install(Id('a'), 29);
        Install(Id('b'), 32);
        Assert.Equal(1, Prune().Count);
        Assert.Equal(new[] { _package.Id, Id('a') }.Order(), Left());
    }

    [Fact]
    public void An_agent_that_runs_stays_however_old_and_goes_when_it_has_ended()
    {
        Install(_package.Id, 0);
        Install(Id('a'), 400);
        string program = Path.Combine(Agents, Id('a'), AgentProgram.Name);
        File.Copy("/bin/sleep", program, overwrite: true);
        using Process running = Process.Start(new ProcessStartInfo(program, "60"))!;
        try
        {
            Assert.Equal(0, Prune().Count);
            Assert.Contains(Id('a'), Left());
        }
        finally
        {
            running.Kill();
            running.WaitForExit();
        }
        Touch(Id('a'), 400);
        Assert.Equal(1, Prune().Count);
        Assert.Equal([_package.Id], Left());
    }

    [Fact]
    public void What_is_no_agent_is_left_alone()
    {
        Install(_package.Id, 0);
        string elsewhere = Directory.CreateDirectory(_folder.File("elsewhere")).FullName;
        File.WriteAllText(Path.Combine(elsewhere, "precious"), "kept");
        foreach (string name in new[] { "notes", new string('A', 64), $"{Id('a')}0", "with blank", "$(rm -rf x)", new string('g', 64) }) Install(name, 400);
        Directory.CreateSymbolicLink(Path.Combine(Agents, Id('e')), elsewhere);
        int before = Left().Length;
        Assert.Equal((0, 0), Prune());
        Assert.Equal(before, Left().Length);
        Assert.True(File.Exists(Path.Combine(elsewhere, "precious")));
    }

    [Fact]
    public void A_name_that_a_shell_would_expand_counts_no_agent_twice()
    {
        foreach ((string id, int days) in new[] { (_package.Id, 0), ("*", 0), (Id('a'), 1), (Id('b'), 2), ($"x {Id('b')}", 0) }) Install(id, days);
        Assert.Equal((0, 0), Prune());
        Assert.Equal(5, Left().Length);
    }

    [Fact]
    public void A_device_without_agents_has_nothing_to_remove() => Assert.Equal((0, 0), Prune());

    [Fact]
    public void A_start_counts_as_use()
    {
        Install(_package.Id, 400);
        string program = Path.Combine(Agents, _package.Id, AgentProgram.Name);
        File.WriteAllText(program, "#!/bin/sh\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Touch(_package.Id, 400);
        Run(RemoteScripts.Start(Path.GetDirectoryName(Agents)!, [.. new[] { "linux-x64", "linux-arm64", "linux-arm" }.Select(runtime => _package with { Runtime = runtime })]));
        Assert.InRange((DateTime.UtcNow - Directory.GetLastWriteTimeUtc(Path.Combine(Agents, _package.Id))).TotalMinutes, -1, 10);
    }

    private static string Id(char digit) => new(digit, 64);

    private void Install(string id, int days)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Agents, id)).FullName;
        File.WriteAllBytes(Path.Combine(folder, AgentProgram.Name), new byte[100_000]);
        File.WriteAllText(Path.Combine(folder, "libextra.so"), "x");
        Touch(id, days);
    }

    private void Touch(string id, int days) => Directory.SetLastWriteTimeUtc(Path.Combine(Agents, id), DateTime.UtcNow.AddDays(-days).AddMinutes(-10));

    private string[] Left() => [.. Directory.EnumerateFileSystemEntries(Agents).Select(path => Path.GetFileName(path)).Order()];

    private (int Count, long Bytes) Prune()
    {
        string[] words = Run(RemoteScripts.Prune(Path.GetDirectoryName(Agents)!, _package)).Split('\n').Select(line => line.Split(' ')).FirstOrDefault(line => line[0] == RemoteScripts.FreedWord) ?? ["", "0", "0"];
        return (int.Parse(words[1]), long.Parse(words[2]) * 1024);
    }

    private static string Run(IEnumerable<string> words)
    {
        string[] all = [.. words];
        using Process shell = Process.Start(AgentProgram.Command(all[0], all[1..]))!;
        shell.StandardInput.Close();
        string errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        return errors;
    }
}
