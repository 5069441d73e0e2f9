using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Backends.Managed;

/// <summary>Storage types of the key/value cache, and who asked for them.</summary>
/// <param name="Source">For the tables: the options, the file, or the default.</param>
internal sealed record ManagedKvTypes(KvFormat Keys, KvFormat Values, string Source)
{
    /// <summary>Metadata that the pass <c>kv_cache</c> writes.</summary>
    public const string KeysKey = "edgebench.kv_cache.keys", ValuesKey = "edgebench.kv_cache.values";

    /// <summary>The options', else the file's, else f16. Throws <see cref="TrialException"/> where the file asks for a type that the engine has not.</summary>
    public static ManagedKvTypes Choose(ManagedOptions options, GgufFile file)
    {
        string? fileKeys = file.Metadata.GetValueOrDefault(KeysKey)?.AsText(), fileValues = file.Metadata.GetValueOrDefault(ValuesKey)?.AsText();
        KvFormat keys = options.KvType ?? Parse(KeysKey, fileKeys) ?? KvFormat.F16, values = options.KvTypeV ?? options.KvType ?? Parse(ValuesKey, fileValues) ?? KvFormat.F16;
        bool fromOptions = options.KvType is not null || options.KvTypeV is not null, fromFile = fileKeys is not null || fileValues is not null;
        bool contradicts = (fileKeys ?? Name(keys)) != Name(keys) || (fileValues ?? Name(values)) != Name(values);
        string asked = $"the file asks for {fileKeys ?? "f16"} keys and {fileValues ?? "f16"} values";
        return new(keys, values, contradicts ? $"options; {asked}" : fromOptions ? "options" : fromFile ? asked : "default");
    }

    public static string Name(KvFormat type) => type.ToString().ToLowerInvariant();

    private static KvFormat? Parse(string key, string? text)
    {
        if (text is null) return null;
        foreach (KvFormat type in Enum.GetValues<KvFormat>())
        {
            if (Name(type) == text) return type;
        }
        throw new TrialException(FailureKind.Unsupported, $"The file asks for {key} '{text}', which the managed engine has not",
            $"Set 'kv_type' to one of {string.Join(", ", Enum.GetValues<KvFormat>().Select(Name))}, or use 'llamacpp'.");
    }
}
