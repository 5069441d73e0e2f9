using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>Storage types of the key/value cache, and who asked for them.</summary>
/// <param name="Source">For the tables: the options, the file, or the default.</param>
internal sealed record LlamaCppKvTypes(KvType Keys, KvType Values, string Source)
{
    /// <summary>Metadata that the pass <c>kv_cache</c> writes.</summary>
    public const string KeysKey = "edgebench.kv_cache.keys", ValuesKey = "edgebench.kv_cache.values";

    /// <summary>The options', else the file's, else f16. Throws <see cref="TrialException"/> for a type in the file that llama.cpp has not.</summary>
    /// <param name="fileKeys">The file's <see cref="KeysKey"/>, or null.</param>
    public static LlamaCppKvTypes Choose(LlamaCppOptions options, string? fileKeys, string? fileValues)
    {
        KvType? askedKeys = Parse(KeysKey, fileKeys), askedValues = Parse(ValuesKey, fileValues);
        KvType keys = options.KvType ?? askedKeys ?? KvType.F16, values = options.KvTypeV ?? options.KvType ?? askedValues ?? KvType.F16;
        bool fromOptions = options.KvType is not null || options.KvTypeV is not null, fromFile = askedKeys is not null || askedValues is not null;
        bool contradicts = (askedKeys ?? keys) != keys || (askedValues ?? values) != values;
        string asked = $"the file asks for {Name(askedKeys ?? KvType.F16)} keys and {Name(askedValues ?? KvType.F16)} values";
        return new(keys, values, contradicts ? $"options; {asked}" : fromOptions ? "options" : fromFile ? asked : "default");
    }

    public static string Name(KvType type) => type.ToString().ToLowerInvariant();

    private static KvType? Parse(string key, string? text)
    {
        if (text is null) return null;
        foreach (KvType type in Enum.GetValues<KvType>())
        {
            if (Name(type) == text) return type;
        }
        throw new TrialException(FailureKind.Unsupported, $"The file asks for {key} '{text}', which llama.cpp has not",
            $"Use one of {string.Join(", ", Enum.GetValues<KvType>().Select(Name))}, or set 'kv_type'.");
    }
}
