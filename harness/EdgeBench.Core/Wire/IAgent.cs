using EdgeBench.Core.Devices;
using EdgeBench.Core.Trials;

namespace EdgeBench.Core.Wire;

/// <summary>What an agent answers, over JSON-RPC on its standard input and output. Messages carry <see cref="Protocol.Version"/>.</summary>
public interface IAgent
{
    /// <summary>First call: who is there. A controller refuses an agent whose protocol it does not speak.</summary>
    Task<AgentHello> HelloAsync(ControllerHello controller, CancellationToken cancellation);

    /// <summary>Runs one trial in a child process. A failed trial is an outcome, not an exception.</summary>
    Task<TrialOutcome> RunTrialAsync(TrialRequest request, CancellationToken cancellation);

    /// <summary>Whether a backend can run on this device.</summary>
    Task<BackendReport> ProbeBackendAsync(BackendQuery query, CancellationToken cancellation);

    /// <summary>What stands in the way of good measurements on this device.</summary>
    Task<DoctorReport> DoctorAsync(DoctorQuery query, CancellationToken cancellation);
}

/// <summary>The version of the messages between controller, agent and trial.</summary>
public static class Protocol
{
    public const int Version = 3;

    /// <summary>Readings of one trial, all metrics together: their JSON fits one message to the controller.</summary>
    public const int MaxTrialReadings = 4 * 1024 * 1024;
}

public sealed record ControllerHello(int ProtocolVersion, string ControllerVersion);

public sealed record AgentHello(int ProtocolVersion, string AgentVersion, int ProcessId, DeviceFacts Device);

public sealed record BackendQuery(string Backend, System.Text.Json.JsonElement Options);

public sealed record BackendReport(string Backend, bool Installed, string? Version, string? Folder, string? Problem, string? Remedy);
