using System.Globalization;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Onnx;
using EdgeBench.Models.Onnx.Export;
using EdgeBench.Models.Onnx.Reading;

namespace EdgeBench.Backends.OnnxRuntime;

/// <summary>One tensor of a cache: what goes in, what comes out, <c>[1, heads, positions, head]</c>.</summary>
internal sealed record CacheTensor(string Past, string Present, OnnxDataType Type, int Heads, int HeadDim)
{
    public long Bytes(long positions) => Type.Bytes(Heads * positions * HeadDim);
}

/// <summary>
/// How a decoder's inputs and outputs are used: EdgeBench's own exports, onnxruntime-genai's (a cache of fixed length, shared between past and present) and
/// Optimum's (a cache that grows by every call).
/// </summary>
internal sealed record OnnxSignature
{
    public required string Tokens { get; init; }

    public required string Logits { get; init; }

    /// <summary>Positions whose logits are computed; null where all are.</summary>
    public string? LogitRows { get; init; }

    public string? Mask { get; init; }

    public string? Positions { get; init; }

    public string? LastPosition { get; init; }

    public string? TotalLength { get; init; }

    /// <summary>Whether Optimum's merged decoders shall read the cache.</summary>
    public string? UseCache { get; init; }

    public required IReadOnlyList<CacheTensor> Cache { get; init; }

    /// <summary>Whether past and present may be one buffer, which GroupQueryAttention takes.</summary>
    public required bool SharedCache { get; init; }

    public required OnnxDataType LogitType { get; init; }

    /// <summary>Last dimension of the logits, or null where the model leaves it open.</summary>
    public required int? Vocabulary { get; init; }

    /// <summary>Whether only the inputs that EdgeBench's exporter writes are there.</summary>
    public bool IsOwn => LogitRows is not null && LastPosition is not null && TotalLength is not null && SharedCache && Mask is null && Positions is null && UseCache is null;

    /// <summary>Throws <see cref="TrialException"/> that lists the model's inputs and outputs where they cannot be mapped.</summary>
    public static OnnxSignature Of(OnnxHeader header, OnnxNames? names)
    {
        names ??= new();
        OnnxValueInfo logits = header.Output(names.Logits ?? DecoderNames.Logits) ?? throw Unmapped(header, $"no output '{names.Logits ?? DecoderNames.Logits}'", "'names.logits'");
        if (logits.Type is not (OnnxDataType.Float or OnnxDataType.Float16)) throw Unmapped(header, $"logits of type {logits.Type}", "a model with float logits");
        List<CacheTensor> cache = CacheOf(header, names);
        OnnxSignature found = new()
        {
            Tokens = Present(names.Tokens, DecoderNames.Tokens, OnnxDataType.Int64) ?? throw Unmapped(header, $"no int64 input '{names.Tokens ?? DecoderNames.Tokens}'", "'names.tokens'"),
            Logits = logits.Name,
            LogitRows = Present(null, DecoderNames.LogitRows, OnnxDataType.Int64),
            Mask = Present(names.Mask, "attention_mask", OnnxDataType.Int64),
            Positions = Present(names.Positions, "position_ids", OnnxDataType.Int64),
            LastPosition = Present(null, DecoderNames.LastPosition, OnnxDataType.Int32),
            TotalLength = Present(null, DecoderNames.TotalLength, OnnxDataType.Int32),
            UseCache = Present(null, "use_cache_branch", OnnxDataType.Bool),
            Cache = cache,
            SharedCache = header.Operators.ContainsKey("GroupQueryAttention"),
            LogitType = logits.Type,
            Vocabulary = logits.Shape is [.., > 0 and <= int.MaxValue and var last] ? (int)last : null,
        };
        string[] used = [found.Tokens, found.LogitRows ?? "", found.Mask ?? "", found.Positions ?? "", found.LastPosition ?? "", found.TotalLength ?? "", found.UseCache ?? "", .. cache.Select(tensor => tensor.Past)];
        string[] left = [.. header.Inputs.Select(input => input.Name).Except(used)];
        if (left.Length > 0) throw Unmapped(header, $"nothing to give to {string.Join(", ", left.Take(8))}", "'names', or a decoder with these inputs only");
        if (cache.Count == 0) throw Unmapped(header, "no cache of keys and values", "a decoder exported with its cache, or 'names.past_key' and its like");
        return found;

        string? Present(string? given, string usual, OnnxDataType type) =>
            header.Input(given ?? usual) is { } input && input.Type == type ? input.Name
            : given is null ? null : throw Unmapped(header, $"no {type} input '{given}'", "'names'");
    }

    private static List<CacheTensor> CacheOf(OnnxHeader header, OnnxNames names)
    {
        (string Past, string Present)[] patterns =
        [
            (names.PastKey ?? "past_key_values.%d.key", names.PresentKey ?? "present.%d.key"),
            (names.PastValue ?? "past_key_values.%d.value", names.PresentValue ?? "present.%d.value"),
        ];
        List<CacheTensor> cache = [];
        for (int layer = 0; ; layer++)
        {
            string number = layer.ToString(CultureInfo.InvariantCulture);
            foreach ((string pastPattern, string presentPattern) in patterns)
            {
                (string past, string present) = (pastPattern.Replace("%d", number, StringComparison.Ordinal), presentPattern.Replace("%d", number, StringComparison.Ordinal));
                if (header.Input(past) is not { } input) return cache;
                if (header.Output(present) is null) throw Unmapped(header, $"input '{past}' without an output '{present}'", "'names.present_key' and 'names.present_value'");
                if (input.Shape is not [_, > 0 and <= int.MaxValue and var heads, _, > 0 and <= int.MaxValue and var head] || input.Type is not (OnnxDataType.Float or OnnxDataType.Float16))
                    throw Unmapped(header, $"the cache {input}", "float or float16 [1, heads, positions, head] with known heads");
                if (cache.Exists(known => known.Past == past)) return cache;
                cache.Add(new(past, present, input.Type, (int)heads, (int)head));
            }
        }
    }

    private static TrialException Unmapped(OnnxHeader header, string found, string remedy) => new(FailureKind.Unsupported,
        $"'{header.Path}' cannot be used as a decoder: {found}. Inputs: {List(header.Inputs)}. Outputs: {List(header.Outputs)}", $"Give {remedy}.");

    private static string List(IReadOnlyList<OnnxValueInfo> values) =>
        $"{string.Join("; ", values.Take(12))}{(values.Count > 12 ? $"; and {values.Count - 12} more" : "")}";
}
