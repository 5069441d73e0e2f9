using EdgeBench.Core.Devices;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices;
using EdgeBench.Devices.Facts;
using EdgeBench.Devices.Wire;
using StreamJsonRpc;

namespace EdgeBench.TrialDouble;

/// <summary>Agents that a controller must refuse.</summary>
public static class ForeignAgents
{
    public const int Version = Protocol.Version + 41;

    /// <summary>Speaks JSON-RPC, and another protocol on it.</summary>
    public static async Task<int> OtherVersionAsync()
    {
        DeviceFacts facts = LocalFacts.Read(SystemRoot.Real);
        using JsonRpc rpc = AgentChannel.Open(Console.OpenStandardOutput(), Console.OpenStandardInput());
        rpc.AddLocalRpcMethod(AgentChannel.Hello, (ControllerHello _) => new AgentHello(Version, "9.9", Environment.ProcessId, facts));
        rpc.StartListening();
        await rpc.Completion;
        return 0;
    }

    /// <summary>Answers for a trial that nobody asked for.</summary>
    public static async Task<int> OtherTrialAsync()
    {
        DeviceFacts facts = LocalFacts.Read(SystemRoot.Real);
        using JsonRpc rpc = AgentChannel.Open(Console.OpenStandardOutput(), Console.OpenStandardInput());
        rpc.AddLocalRpcMethod(AgentChannel.Hello, (ControllerHello _) => new AgentHello(Protocol.Version, "9.9", Environment.ProcessId, facts));
        rpc.AddLocalRpcMethod(AgentChannel.RunTrial, (TrialRequest _) => new TrialOutcome { TrialId = "another", StartedAt = DateTimeOffset.UtcNow });
        rpc.StartListening();
        await rpc.Completion;
        return 0;
    }

    /// <summary>Announces a message of a terabyte and then waits.</summary>
    public static int HugeMessage()
    {
        NativeFaults.Print(1, "Content-Length: 1099511627776\r\n\r\n{");
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }
}
