using System.Text.Json;
using EdgeBench.Core.IO;
using StreamJsonRpc;

namespace EdgeBench.Devices.Wire;

/// <summary>How both ends of an agent's standard input and output speak: JSON-RPC 2.0, header-delimited, EdgeBench's JSON.</summary>
public static class AgentChannel
{
    /// <summary>Bytes of one message: a quality trial returns millions of readings in one.</summary>
    public const long MaxMessageBytes = 256L * 1024 * 1024;

    public const string Hello = "hello";

    public const string RunTrial = "run_trial";

    public const string ProbeBackend = "probe_backend";

    public const string Doctor = "doctor";

    /// <summary>A connection that has not started to listen.</summary>
    public static JsonRpc Open(Stream output, Stream input)
    {
        SystemTextJsonFormatter formatter = new() { JsonSerializerOptions = new JsonSerializerOptions(EdgeBenchJson.Options) };
        return new JsonRpc(new HeaderDelimitedMessageHandler(output, new BoundedFrames(input, MaxMessageBytes), formatter));
    }
}
