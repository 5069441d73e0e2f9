using System.Text.Json.Nodes;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Tokenizers;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Tokenizers;

/// <summary>Folders with a tokenizer.json of the shape that a family publishes, around the tokens and merges of a GGUF vocabulary.</summary>
internal static class JsonFolder
{
    public const string Llama3Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public const string Qwen2Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public static ITokenizer Read(JsonObject root, string? config = null)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("tokenizer.json"), root.ToJsonString());
        if (config is not null) File.WriteAllText(folder.File("tokenizer_config.json"), config);
        return TokenizerFactory.FromFolder(folder.Path);
    }

    /// <summary>A byte-level BPE file; <paramref name="preTokenizer"/> is JSON.</summary>
    public static JsonObject BytePair(string vocabulary, string preTokenizer, bool ignoreMerges = false, string? normalizer = null)
    {
        (string[] tokens, int[] types, string[] merges, _) = Parts(vocabulary);
        return Root(tokens, types, normalizer, preTokenizer, """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""", new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["ignore_merges"] = ignoreMerges,
            ["vocab"] = Vocabulary(tokens),
            ["merges"] = new JsonArray([.. merges.Select(merge => JsonValue.Create(merge))]),
        });
    }

    /// <summary>Llama 2's form: merges by score, spaces marked by the normaliser, bytes for what is unknown.</summary>
    public static JsonObject SentencePiece(string vocabulary)
    {
        (string[] tokens, int[] types, _, float[] scores) = Parts(vocabulary);
        Dictionary<string, int> ids = tokens.Select((text, id) => (text, id)).ToDictionary(pair => pair.text, pair => pair.id);
        IEnumerable<string> merges = tokens.Select((text, id) => (text, id)).Where(token => types[token.id] == 1)
            .SelectMany(token => Enumerable.Range(1, Math.Max(0, token.text.Length - 1)).Select(cut => (Left: token.text[..cut], Right: token.text[cut..], Score: scores[token.id])))
            .Where(merge => ids.ContainsKey(merge.Left) && ids.ContainsKey(merge.Right))
            .OrderByDescending(merge => merge.Score).ThenByDescending(merge => merge.Left.Length).Select(merge => $"{merge.Left} {merge.Right}");
        return Root(tokens, types, """{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]}""", "null",
            """{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]}""",
            new JsonObject
            {
                ["type"] = "BPE",
                ["unk_token"] = "<unk>",
                ["fuse_unk"] = true,
                ["byte_fallback"] = true,
                ["vocab"] = Vocabulary(tokens),
                ["merges"] = new JsonArray([.. merges.Select(merge => JsonValue.Create(merge))]),
            });
    }

    private static JsonObject Root(string[] tokens, int[] types, string? normalizer, string preTokenizer, string decoder, JsonObject model) => new()
    {
        ["version"] = "1.0",
        ["added_tokens"] = new JsonArray([.. tokens.Select((text, id) => (text, id)).Where(token => types[token.id] is 2 or 3 or 4).Select(token => new JsonObject
        {
            ["id"] = token.id,
            ["content"] = token.text,
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = types[token.id] != 4,
        })]),
        ["normalizer"] = normalizer is null ? null : JsonNode.Parse(normalizer),
        ["pre_tokenizer"] = JsonNode.Parse(preTokenizer),
        ["post_processor"] = null,
        ["decoder"] = JsonNode.Parse(decoder),
        ["model"] = model,
    };

    private static JsonObject Vocabulary(string[] tokens) => new(tokens.Select((text, id) => KeyValuePair.Create(text, (JsonNode?)JsonValue.Create(id))));

    private static (string[] Tokens, int[] Types, string[] Merges, float[] Scores) Parts(string vocabulary)
    {
        using GgufFile file = GgufFile.Open(LlamaSource.File($"models/ggml-vocab-{vocabulary}.gguf"));
        GgufArray? Array(string name) => file.Metadata.GetValueOrDefault($"tokenizer.ggml.{name}")?.AsArray();
        return (Array("tokens")!.AsTexts()!, (int[])Array("token_type")!.Elements, Array("merges")?.AsTexts() ?? [], Array("scores")?.Elements as float[] ?? []);
    }
}
