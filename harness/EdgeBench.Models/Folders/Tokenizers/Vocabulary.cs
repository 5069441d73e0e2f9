using System.Globalization;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>Tokens by id, as GGUF keeps them. Ids that nothing names are <c>[PAD{id}]</c>, unused.</summary>
internal sealed class Vocabulary
{
    public const int Limit = 1 << 20;

    private readonly string?[] _tokens;
    private readonly int[] _types;
    private readonly float[] _scores;

    public Vocabulary(int count)
    {
        (_tokens, _types, _scores) = (new string?[count], new int[count], new float[count]);
        Array.Fill(_types, TokenTypes.Unused);
        Array.Fill(_scores, -10_000);
    }

    public int Count => _tokens.Length;

    public bool Has(int id) => _tokens[id] is not null;

    public string Text(int id) => _tokens[id] ?? string.Create(CultureInfo.InvariantCulture, $"[PAD{id}]");

    public int Type(int id) => _types[id];

    public void Set(int id, string text, int type, float score) => (_tokens[id], _types[id], _scores[id]) = (text, type, score);

    public int IndexOf(string text) => Array.IndexOf(_tokens, text);

    public IEnumerable<KeyValuePair<string, GgufValue>> Metadata(string model, string pre, bool scores)
    {
        yield return new("tokenizer.ggml.model", GgufValue.From(model));
        yield return new("tokenizer.ggml.pre", GgufValue.From(pre));
        yield return new("tokenizer.ggml.tokens", GgufValue.From(new GgufArray(GgufValueType.String, Enumerable.Range(0, Count).Select(Text).ToArray())));
        if (scores) yield return new("tokenizer.ggml.scores", GgufValue.From(new GgufArray(GgufValueType.Float32, _scores)));
        yield return new("tokenizer.ggml.token_type", GgufValue.From(new GgufArray(GgufValueType.Int32, _types)));
    }
}
