using System.Text.Json;
using EdgeBench.Core.IO;
using StreamJsonRpc;

namespace EdgeBench.Devices.Wire;

/// <summary>How both ends of an agent's standard input and output speak: JSON-RPC 2.0, header-delimited, EdgeBench's JSON, and blocks of files between.</summary>
public static class AgentChannel
{
    /// <summary>Bytes of one message: a quality trial returns millions of readings in one.</summary>
    public const long MaxMessageBytes = 256L * 1024 * 1024;

    public const string Hello = "hello";

    public const string Ping = "ping";

    public const string RunTrial = "run_trial";

    public const string ProbeBackend = "probe_backend";

    public const string ProbePeaks = "probe_peaks";

    public const string InstallBackend = "install_backend";

    public const string TakeLease = "take_lease";

    public const string OfferFiles = "offer_files";

    public const string TransferState = "transfer_state";

    public const string CommitFiles = "commit_files";

    public const string FindOutcome = "find_outcome";

    public const string Acknowledge = "acknowledge";

    public const string Doctor = "doctor";

    /// <summary>A connection that has not started to listen.</summary>
    /// <param name="sink">Takes blocks of files; null where none are expected.</param>
    public static (JsonRpc Rpc, AgentFrames Frames) Open(Stream output, Stream input, IBlockSink? sink)
    {
        SystemTextJsonFormatter formatter = new() { JsonSerializerOptions = new JsonSerializerOptions(EdgeBenchJson.Options) };
        AgentFrames frames = new(output, input, formatter, MaxMessageBytes, sink);
        return (new JsonRpc(frames), frames);
    }

    /// <summary>A connection without blocks.</summary>
    public static JsonRpc Open(Stream output, Stream input) => Open(output, input, sink: null).Rpc;
}
