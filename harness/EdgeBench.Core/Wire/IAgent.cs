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

    /// <summary>What the device's memory and processors reach at best. Takes the device for itself meanwhile, as a trial does.</summary>
    Task<PeakReport> ProbePeaksAsync(PeakQuery query, CancellationToken cancellation);

    /// <summary>Installs a backend's library from a package that was sent; the agent knows the package's hash by itself.</summary>
    Task<BackendReport> InstallBackendAsync(BackendPackage package, CancellationToken cancellation);

    /// <summary>Takes the device for this controller, until the agent ends; or says who has it. Never waits.</summary>
    Task<LeaseAnswer> TakeLeaseAsync(LeaseRequest request, CancellationToken cancellation);

    /// <summary>The outcome of a trial that ended while nobody could be told, or null.</summary>
    Task<TrialOutcome?> FindOutcomeAsync(string trialId, CancellationToken cancellation);

    /// <summary>The outcome has arrived: the agent need not keep it.</summary>
    Task AcknowledgeAsync(string trialId, CancellationToken cancellation);
}

/// <summary>
/// How files reach a device: what it lacks of an offer is sent in blocks beside the messages, each with its hash; a transfer that was cut goes on from
/// what the device has verified.
/// </summary>
public interface IFileReceiver
{
    /// <summary>What the device has of these files. Makes room for the rest; needs the lease.</summary>
    Task<OfferAnswer> OfferFilesAsync(FileOffer offer, CancellationToken cancellation);

    /// <summary>How far a transfer is, once the blocks sent so far are handled.</summary>
    Task<TransferState> TransferStateAsync(int transfer, CancellationToken cancellation);

    /// <summary>Checks the files as a whole and puts them in their folder.</summary>
    Task<CommitAnswer> CommitFilesAsync(string set, CancellationToken cancellation);
}

/// <summary>The version of the messages between controller, agent and trial.</summary>
public static class Protocol
{
    public const int Version = 7;

    /// <summary>Readings of one trial, all metrics together: their JSON fits one message to the controller.</summary>
    public const int MaxTrialReadings = 4 * 1024 * 1024;
}

public sealed record ControllerHello(int ProtocolVersion, string ControllerVersion);

public sealed record AgentHello(int ProtocolVersion, string AgentVersion, int ProcessId, DeviceFacts Device);

public sealed record BackendQuery(string Backend, System.Text.Json.JsonElement Options);

public sealed record BackendReport(string Backend, bool Installed, string? Version, string? Folder, string? Problem, string? Remedy);

/// <summary>A backend's package among the files that were sent.</summary>
/// <param name="Set">Of the committed set, which holds this one file.</param>
public sealed record BackendPackage(string Backend, System.Text.Json.JsonElement Options, string Set);
