using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Architectures;

/// <summary>
/// A transformer's description from a GGUF file. Keys: ggml's <c>docs/gguf.md</c>; which architecture has which rotary layout, scales and norms:
/// llama.cpp, <c>llama_model_rope_type</c> and the graph of each architecture.
/// </summary>
public static class GgufArchitecture
{
    private static readonly string[] s_supported = ["bert", "gemma", "gemma2", "gemma3", "llama", "phi3", "qwen2", "qwen3"];

    /// <summary>Architectures that can be described.</summary>
    public static IReadOnlyList<string> Supported => s_supported;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for another architecture, or where the metadata lacks a dimension.</summary>
    public static ModelArchitecture Of(GgufFile file) => Of(GgufOutline.Of(file));

    /// <summary>The same of a file that is not written yet.</summary>
    public static ModelArchitecture Of(GgufOutline file)
    {
        ArgumentNullException.ThrowIfNull(file);
        string name = file.Architecture;
        if (!s_supported.Contains(name))
        {
            throw EdgeBenchException.BadInput(name.Length == 0 ? "the file does not say its architecture" : $"architecture '{name}'",
                $"one of {string.Join(", ", s_supported)}", Nearest.Question(name, s_supported), file.Path);
        }
        int heads = Required(file, "attention.head_count"), width = Required(file, "embedding_length");
        int head = Dimension(file, "attention.key_length") ?? (heads > 0 ? width / heads : 0);
        bool encoder = name == "bert";
        ModelArchitecture read = new()
        {
            Name = name,
            Layers = Required(file, "block_count"),
            Width = width,
            Heads = heads,
            KvHeads = Dimension(file, "attention.head_count_kv") ?? heads,
            HeadDim = head,
            Ffn = Required(file, "feed_forward_length"),
            Vocabulary = Vocabulary(file),
            Context = Dimension(file, "context_length") ?? 2048,
            NormEpsilon = Number(file, encoder ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon") ?? (encoder ? 1e-12 : 1e-5),
            TiedEmbeddings = file.Find("output.weight") is null,
            FeedForward = encoder ? FeedForwardKind.Gelu : name.StartsWith("gemma", StringComparison.Ordinal) ? FeedForwardKind.GeGlu : FeedForwardKind.SwiGlu,
            Rope = encoder ? RopeLayout.None : name == "llama" ? RopeLayout.Interleaved : RopeLayout.Halves,
            RopeBase = Number(file, "rope.freq_base") ?? (name == "gemma3" ? 1_000_000 : 10_000),
            RopeDimensions = Dimension(file, "rope.dimension_count") ?? head,
            RopeScale = Text(file, "rope.scaling.type") == "linear" ? Number(file, "rope.scaling.factor") ?? 1 : 1,
            RopeOriginalContext = file.Find("rope_factors_short.weight") is null ? 0 : Dimension(file, "rope.scaling.original_context_length") ?? Dimension(file, "context_length") ?? 2048,
            RopeMagnitude = Number(file, "rope.scaling.attn_factor") ?? 1,
            AttentionScale = 1 / Math.Sqrt(head),
            IsEncoder = encoder,
            TokenTypes = encoder ? Dimension(file, "token_type_count") ?? TypeRows(file) : 0,
            FusedProjections = file.Find("blk.0.attn_qkv.weight") is not null,
            QueryKeyNorm = file.Find("blk.0.attn_q_norm.weight") is not null,
            PostNorms = file.Find("blk.0.post_attention_norm.weight") is not null,
        };
        Check(read, file.Path);
        return name.StartsWith("gemma", StringComparison.Ordinal) ? Gemma(read, file) : read;
    }

    // Gemma 2 keeps 1/sqrt(width / heads) at 27B only, which is the size with 46 layers; its windows alternate. Gemma 3 slides in five layers of six.
    private static ModelArchitecture Gemma(ModelArchitecture read, GgufOutline file)
    {
        ModelArchitecture scaled = read with { EmbeddingScale = Math.Sqrt(read.Width) };
        return read.Name switch
        {
            "gemma2" => scaled with
            {
                AttentionScale = read.Layers == 46 ? 1 / Math.Sqrt((double)read.Width / read.Heads) : read.AttentionScale,
                AttentionSoftcap = Number(file, "attn_logit_softcapping") ?? 50,
                LogitSoftcap = Number(file, "final_logit_softcapping") ?? 30,
                SlidingWindow = Dimension(file, "attention.sliding_window") ?? 4096,
                SlidingPattern = 2,
            },
            "gemma3" => scaled with
            {
                AttentionScale = read.Layers == 62 ? 1 / Math.Sqrt((double)read.Width / read.Heads) : read.AttentionScale,
                LogitSoftcap = Number(file, "final_logit_softcapping"),
                SlidingWindow = Dimension(file, "attention.sliding_window"),
                SlidingPattern = 6,
                SlidingRopeBase = Number(file, "rope.freq_base_swa") ?? 10_000,
            },
            _ => scaled,
        };
    }

    private static void Check(ModelArchitecture read, string path)
    {
        if (read.Heads < 1 || read.KvHeads < 1 || read.HeadDim < 1 || read.Heads % read.KvHeads != 0 || read.RopeDimensions > read.HeadDim || read.RopeDimensions % 2 != 0)
        {
            throw EdgeBenchException.BadInput(
                $"{read.Heads} heads, {read.KvHeads} key/value heads, {read.HeadDim} elements a head, {read.RopeDimensions} of them rotated",
                "at least one of each, heads that divide by key/value heads, and an even number of rotated elements within a head", "Fetch or convert the file again.", path);
        }
    }

    private static int Vocabulary(GgufOutline file) =>
        file.Find("token_embd.weight") is { Dimensions: [_, var rows] } && rows <= int.MaxValue ? (int)rows : Required(file, "vocab_size");

    private static int TypeRows(GgufOutline file) => file.Find("token_types.weight") is { Dimensions: [_, var rows] } ? (int)Math.Min(rows, int.MaxValue) : 0;

    private static int Required(GgufOutline file, string key) => Dimension(file, key)
        ?? throw EdgeBenchException.BadInput($"no '{file.Architecture}.{key}' that is a positive number", "the dimensions of a transformer", "Fetch or convert the file again.", file.Path);

    // Some files give one value for each layer; all equal is one value.
    private static int? Dimension(GgufOutline file, string key) => Value(file, key) switch
    {
        null => null,
        { } value when value.AsInteger() is { } number => number is > 0 and <= int.MaxValue ? (int)number : null,
        { } value when value.AsArray()?.Elements is int[] { Length: > 0 } each && Array.TrueForAll(each, one => one == each[0]) && each[0] > 0 => each[0],
        _ => null,
    };

    private static double? Number(GgufOutline file, string key) => Value(file, key)?.AsNumber();

    private static string? Text(GgufOutline file, string key) => Value(file, key)?.AsText();

    private static GgufValue? Value(GgufOutline file, string key) => file.Metadata.GetValueOrDefault($"{file.Architecture}.{key}");
}
