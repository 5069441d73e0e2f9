using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Devices.Tests;

public class SlurmLauncherTests
{
    [Fact]
    public void A_job_has_its_node_alone_and_the_words_of_its_options()
    {
        SlurmOptions options = new()
        {
            Partition = "pis",
            Account = "lab",
            Qos = "long",
            Nodes = "pi[1-4]",
            Constraint = "pi5&nvme",
            Gres = "gpu:1",
            Time = TimeSpan.FromSeconds(61),
            Agent = "/shared/agent/edgebench-agent",
            Options = ["--reservation=bench; rm -rf /"],
        };
        System.Diagnostics.ProcessStartInfo start = SlurmLauncher.Command(options, "pool");
        Assert.Equal("srun", start.FileName);
        Assert.Equal(
        [
            "--nodes=1", "--ntasks=1", "--exclusive", "--mem=0", "--partition=pis", "--account=lab",
            "--qos=long", "--nodelist=pi[1-4]", "--constraint=pi5&nvme", "--gres=gpu:1", "--time=2", "--reservation=bench; rm -rf /",
            "--cpu-bind=none", "--unbuffered", "--input=0", "--job-name=edgebench-pool", "--", "/shared/agent/edgebench-agent", "serve",
        ], start.ArgumentList);
    }

    [Theory]
    [InlineData("""{"boards": 4}""", "no 'folder'")]
    [InlineData("""{"boards": 4, "folder": "cache"}""", "'folder: cache'")]
    [InlineData("""{"boards": 4, "folder": "/shared", "cache_limit": 1000}""", "'cache_limit'")]
    public void A_pool_needs_a_folder_that_all_of_its_boards_see_and_keeps_all_files(string options, string named)
    {
        DeviceSpec device = new("pool", "slurm") { LauncherOptions = JsonDocument.Parse(options).RootElement };
        EdgeBenchException problem = Assert.Throws<EdgeBenchException>(() => new SlurmLauncher().PoolOf(device));
        Assert.Equal(ExitCode.BadInput, problem.ExitCode);
        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
        Assert.Contains("device 'pool'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_number_of_boards_a_device_is_one_board() =>
        Assert.Null(new SlurmLauncher().PoolOf(new DeviceSpec("pool", "slurm") { LauncherOptions = JsonDocument.Parse("""{"folder": "/shared"}""").RootElement }));

    [Theory]
    [InlineData("rm")]
    [InlineData("-p")]
    [InlineData("--")]
    [InlineData("")]
    public void What_is_no_option_cannot_become_the_program(string word)
    {
        EdgeBenchException problem = Assert.Throws<EdgeBenchException>(() => SlurmLauncher.Command(new SlurmOptions { Agent = "/a", Options = [word] }, "pool"));
        Assert.Equal(ExitCode.BadInput, problem.ExitCode);
        Assert.Contains($"'{word}'", problem.Message, StringComparison.Ordinal);
    }
}
