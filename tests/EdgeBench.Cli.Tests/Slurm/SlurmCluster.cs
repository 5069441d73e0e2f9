using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EdgeBench.Testing;

namespace EdgeBench.Cli.Tests.Slurm;

/// <summary>A Slurm controller and a node on this machine (<c>cluster.sh</c>), one for all tests that need it.</summary>
[CollectionDefinition(nameof(SlurmCluster))]
public sealed class SlurmCluster : IAsyncLifetime, ICollectionFixture<SlurmCluster>
{
    private readonly TemporaryFolder _folder = new();
    private string? _problem = "needs Slurm: install slurmctld, slurmd, slurm-client and munge, and run the tests as root";

    /// <summary>Skips the calling test where there is no Slurm.</summary>
    public void Require() => Assert.SkipUnless(_problem is null, _problem ?? "");

    public async ValueTask InitializeAsync()
    {
        if (Environment.UserName != "root" || !new[] { "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged", "/usr/bin/srun" }.All(File.Exists)) return;
        (int code, string words) = await ScriptAsync("start", FreePort(), FreePort());
        _problem = code == 0 ? null : throw new InvalidOperationException($"Slurm did not start: {words}");
        Environment.SetEnvironmentVariable("SLURM_CONF", _folder.File("slurm.conf"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_problem is null) await ScriptAsync("stop", 0, 0);
        _folder.Dispose();
    }

    private async Task<(int Code, string Words)> ScriptAsync(string verb, int controller, int node)
    {
        string log = _folder.File("script.log"), script = Path.Combine(RepositoryFiles.Root, "tests", "EdgeBench.Cli.Tests", "Slurm", "cluster.sh");
        // The daemons keep what they inherit: no pipe of ours.
        using Process process = Process.Start("sh", ["-c", "exec \"$0\" \"$@\" >\"$LOG\" 2>&1 </dev/null".Replace("$LOG", log, StringComparison.Ordinal), script, verb, _folder.Path, $"{controller}", $"{node}"]);
        await process.WaitForExitAsync();
        return (process.ExitCode, await File.ReadAllTextAsync(log));
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
