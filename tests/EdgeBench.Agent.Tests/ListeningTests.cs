using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Agent.Tests;

public class ListeningTests
{
    [Fact]
    public void A_port_that_a_process_listens_on_is_seen()
    {
        using TcpListener tcp = new(IPAddress.Loopback, 0);
        tcp.Start();
        using UdpClient udp = new(0, AddressFamily.InterNetworkV6);
        int[] ports = [((IPEndPoint)tcp.LocalEndpoint).Port, ((IPEndPoint)udp.Client.LocalEndPoint!).Port];
        Assert.Subset(PortsOf(Environment.ProcessId).ToHashSet(), ports.ToHashSet());
    }

    [Fact]
    public async Task Neither_an_agent_nor_its_trial_listens_on_a_port()
    {
        await using AgentConnection agent = await Double.ConnectAsync();
        using CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<TrialOutcome> running = agent.RunTrialAsync(Double.Request("hang", seconds: 60), cancellation.Token);
        await Processes.UntilAsync(() => Processes.ChildrenOf(agent.Hello.ProcessId).Length > 0, 30, "the trial's start");
        int trial = Processes.ChildrenOf(agent.Hello.ProcessId)[0];
        Assert.Empty(PortsOf(agent.Hello.ProcessId));
        Assert.Empty(PortsOf(trial));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    /// <summary>Ports of TCP sockets that listen and of UDP sockets that are bound, by the kernel's tables (fields 1, 3 and 9: address, state, inode).</summary>
    private static int[] PortsOf(int process)
    {
        HashSet<string> sockets = [.. Directory.EnumerateFiles($"/proc/{process}/fd").Select(file => new FileInfo(file).LinkTarget ?? "")];
        return [.. new[] { ("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07") }.SelectMany(table =>
            File.ReadLines($"/proc/{process}/net/{table.Item1}").Skip(1)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields[3] == table.Item2 && sockets.Contains($"socket:[{fields[9]}]"))
                .Select(fields => int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)))];
    }
}
