using System.Text.Json.Nodes;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>Parts of a tokenizer.json. Format: huggingface/tokenizers, the serialised forms of its components.</summary>
internal static class TokenizerJson
{
    /// <summary>Tokens and ids of the model itself; those that a user added are not among them.</summary>
    public static JsonObject Vocab(string[] tokens, int[] types)
    {
        JsonObject vocab = [];
        for (int id = 0; id < tokens.Length; id++)
        {
            if (types[id] is TokenTypes.Normal or TokenTypes.Control) vocab[tokens[id]] = id;
        }
        return vocab;
    }

    /// <summary>A whole tokenizer.json.</summary>
    public static JsonObject Document(string[] tokens, int[] types, JsonObject? normaliser, JsonObject pre, JsonObject? post, JsonObject decoder, JsonObject model) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. Enumerable.Range(0, tokens.Length).Where(id => types[id] is TokenTypes.Control or TokenTypes.UserDefined).Select(id => new JsonObject
        {
            ["id"] = id,
            ["content"] = tokens[id],
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = types[id] == TokenTypes.Control,
        })]),
        ["normalizer"] = normaliser,
        ["pre_tokenizer"] = pre,
        ["post_processor"] = post ?? new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = false, ["use_regex"] = true },
        ["decoder"] = decoder,
        ["model"] = model,
    };

    /// <summary>A whole tokenizer.json of byte-level BPE.</summary>
    /// <param name="merges">Pairs by rank, a space between.</param>
    public static JsonObject BytePairs(PreTokenizerKind kind, string[] tokens, int[] types, IEnumerable<string> merges, JsonObject? template)
    {
        JsonObject model = new()
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = kind.IgnoreMerges,
            ["vocab"] = Vocab(tokens, types),
            ["merges"] = new JsonArray([.. merges.Select(merge => JsonValue.Create(merge))]),
        };
        JsonObject decoder = new() { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = true, ["use_regex"] = true };
        return Document(tokens, types, kind.Normaliser is null ? null : new JsonObject { ["type"] = kind.Normaliser }, PreTokenizerJson.Of(kind), template, decoder, model);
    }

    /// <summary>What the file says that a text starts and ends with, or null for nothing.</summary>
    public static JsonObject? Template(GgufFile file, string[] tokens)
    {
        bool starts = file.Metadata.GetValueOrDefault("tokenizer.ggml.add_bos_token")?.AsBoolean() ?? file.Metadata.GetValueOrDefault("tokenizer.ggml.pre")?.AsText() is "llama-bpe" or "tekken";
        bool ends = file.Metadata.GetValueOrDefault("tokenizer.ggml.add_eos_token")?.AsBoolean() ?? false;
        string? first = starts ? Special(file, tokens, "bos") : null, last = ends ? Special(file, tokens, "eos") : null;
        return first is null && last is null ? null : Template(first, last, tokens);
    }

    /// <summary>A post-processor that puts tokens around one text and around a pair.</summary>
    public static JsonObject Template(string? first, string? last, string[] tokens)
    {
        JsonArray single = [], pair = [];
        JsonObject special = [];
        void Put(JsonArray steps, string? token, int type)
        {
            if (token is null) return;
            steps.Add(new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = token, ["type_id"] = type } });
            special[token] = new JsonObject { ["id"] = token, ["ids"] = new JsonArray(Array.IndexOf(tokens, token)), ["tokens"] = new JsonArray(token) };
        }
        void Sequence(JsonArray steps, string id, int type) => steps.Add(new JsonObject { ["Sequence"] = new JsonObject { ["id"] = id, ["type_id"] = type } });
        Put(single, first, 0);
        Sequence(single, "A", 0);
        Put(single, last, 0);
        Put(pair, first, 0);
        Sequence(pair, "A", 0);
        Put(pair, last, 0);
        Sequence(pair, "B", 1);
        Put(pair, last, 1);
        return new JsonObject { ["type"] = "TemplateProcessing", ["single"] = single, ["pair"] = pair, ["special_tokens"] = special };
    }

    /// <summary>The text of the special token with a role in GGUF's keys, or null.</summary>
    public static string? Special(GgufFile file, string[] tokens, string key) =>
        file.Metadata.GetValueOrDefault($"tokenizer.ggml.{key}_token_id")?.AsInteger() is { } id && id >= 0 && id < tokens.Length ? tokens[id] : null;
}
