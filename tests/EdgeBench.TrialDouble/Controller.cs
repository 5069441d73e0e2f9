using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Launching;

namespace EdgeBench.TrialDouble;

/// <summary>A controller to be killed: runs one trial on an agent of its own.</summary>
public static class Controller
{
    /// <param name="request">A <see cref="TrialRequest"/> as JSON.</param>
    public static async Task<int> RunAsync(string request)
    {
        AgentProcess agent = AgentProcess.Start(AgentProgram.Command(Environment.ProcessPath!, "serve"));
        await using AgentConnection connection = await AgentConnection.GreetAsync("double", agent, CancellationToken.None);
        Console.WriteLine(connection.Hello.ProcessId);
        await connection.RunTrialAsync(EdgeBenchJson.Deserialize<TrialRequest>(request), CancellationToken.None);
        return 0;
    }
}
