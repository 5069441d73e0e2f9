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
            "--nodes=1", "--ntasks=1", "--exclusive", "--mem=0", "--cpu-bind=none", "--unbuffered", "--input=0", "--job-name=edgebench-pool", "--partition=pis", "--account=lab",
            "--qos=long", "--nodelist=pi[1-4]", "--constraint=pi5&nvme", "--gres=gpu:1", "--time=2", "--reservation=bench; rm -rf /", "--", "/shared/agent/edgebench-agent", "serve",
        ], start.ArgumentList);
    }

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
