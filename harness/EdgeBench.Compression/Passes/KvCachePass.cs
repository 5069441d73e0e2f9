using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources;

namespace EdgeBench.Compression.Passes;

/// <summary>Storage types of a key/value cache.</summary>
public enum KvCacheType
{
    F16,
    Q8_0,
    Q5_1,
    Q5_0,
    Q4_1,
    Q4_0,
}

/// <summary>Parameters of <c>kv_cache</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record KvCacheParameters
{
    [Description("Storage type of the keys.")]
    public KvCacheType Keys { get; init; } = KvCacheType.Q8_0;

    [Description("Storage type of the values.")]
    public KvCacheType Values { get; init; } = KvCacheType.Q8_0;
}

/// <summary>
/// Asks whoever runs the file to keep the key/value cache in a block format: the metadata <c>edgebench.kv_cache.keys</c> and <c>.values</c>. Weights are
/// copied. A backend takes it unless its options say otherwise, and says in its facts what was in effect.
/// </summary>
public sealed class KvCachePass : IPass
{
    public const string KeysKey = "edgebench.kv_cache.keys", ValuesKey = "edgebench.kv_cache.values";

    public string Name => "kv_cache";

    public int Version => 1;

    public Type ParametersType => typeof(KvCacheParameters);

    public bool ChangesTensors => false;

    public string Asked(JsonElement parameters)
    {
        KvCacheParameters read = PassParameters.Read<KvCacheParameters>(Name, parameters);
        return $"keys {TypeName(read.Keys)}, values {TypeName(read.Values)}";
    }

    public long EstimateBytes(TransformerShape shape, JsonElement parameters) =>
        throw new NotSupportedException("Tensors stay as the pass before leaves them.");

    // The exported graph keeps them in float32, as ONNX Runtime's attention on the CPU computes.
    public string? Refuse(string format, JsonElement parameters) => format == OnnxCheckpoint.Format
        ? "the ONNX export keeps keys and values in float32"
        : null;

    public PassReport Apply(GgufFile input, string outputPath, JsonElement parameters, PassContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        KvCacheParameters read = PassParameters.Read<KvCacheParameters>(Name, parameters);
        RefuseUnfitHeads(input, read);
        TensorRewrite.Copy(input, outputPath, WrittenMetadata.With(input, new Dictionary<string, GgufValue>
        {
            [KeysKey] = GgufValue.From(TypeName(read.Keys)),
            [ValuesKey] = GgufValue.From(TypeName(read.Values)),
        }, Name, Version, PassParameters.Canonical(this, parameters)), context.Cancellation);
        return PassReport.Empty;
    }

    public PassReadback ReadBack(GgufFile input, GgufFile output, JsonElement parameters)
    {
        ArgumentNullException.ThrowIfNull(output);
        KvCacheParameters read = PassParameters.Read<KvCacheParameters>(Name, parameters);
        string? keys = output.Metadata.GetValueOrDefault(KeysKey)?.AsText(), values = output.Metadata.GetValueOrDefault(ValuesKey)?.AsText();
        int right = (keys == TypeName(read.Keys) ? 1 : 0) + (values == TypeName(read.Values) ? 1 : 0);
        return new PassReadback(Name, Asked(parameters), $"the file asks for keys {keys ?? "of no type"}, values {values ?? "of no type"}",
            right == 2 ? Applied.Fully : right == 1 ? Applied.Partly : Applied.NotApplied);
    }

    private static string TypeName(KvCacheType type) => type.ToString().ToLowerInvariant();

    // A row of a cache is one head's part, or all heads' together; blocks of 32 must fit the smaller of them.
    private void RefuseUnfitHeads(GgufFile input, KvCacheParameters read)
    {
        if (input.Shape is not { } shape || (read.Keys == KvCacheType.F16 && read.Values == KvCacheType.F16)) return;
        int head = shape.HeadDim > 0 ? shape.HeadDim : shape.Width / shape.Heads;
        if (head % 32 == 0) return;
        throw EdgeBenchException.BadInput($"pass '{Name}' asks for keys {TypeName(read.Keys)} and values {TypeName(read.Values)} with heads of {head} elements",
            "heads that 32 divides, for a block format", "Use keys f16 and values f16.", input.Path);
    }
}
