using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Sources.Synthetic;

/// <summary>
/// A tokenizer that any text passes through, for models without one: SentencePiece's kind (<c>tokenizer.ggml.model = llama</c>) with three special
/// tokens, one token for each byte, the space mark, and for the rest of the vocabulary distinct texts that no merge reaches. llama.cpp
/// ends the process where two tokens have the same text.
/// </summary>
internal static class PlaceholderTokenizer
{
    /// <summary>Special tokens, bytes and the space mark.</summary>
    public const int SmallestVocabulary = 3 + 256 + 1;

    // llama.cpp, enum llama_token_type.
    private const int Normal = 1;
    private const int Unknown = 2;
    private const int Control = 3;
    private const int Byte = 6;

    public static IEnumerable<KeyValuePair<string, GgufValue>> Metadata(int vocabulary)
    {
        string[] texts = new string[vocabulary];
        int[] types = new int[vocabulary];
        for (int id = 0; id < vocabulary; id++) (texts[id], types[id]) = Token(id);
        return
        [
            new("tokenizer.ggml.model", GgufValue.From("llama")),
            new("tokenizer.ggml.tokens", GgufValue.From(new GgufArray(GgufValueType.String, texts))),
            new("tokenizer.ggml.scores", GgufValue.From(new GgufArray(GgufValueType.Float32, new float[vocabulary]))),
            new("tokenizer.ggml.token_type", GgufValue.From(new GgufArray(GgufValueType.Int32, types))),
            new("tokenizer.ggml.bos_token_id", GgufValue.From(1u)),
            new("tokenizer.ggml.eos_token_id", GgufValue.From(2u)),
            new("tokenizer.ggml.unknown_token_id", GgufValue.From(0u)),
            new("tokenizer.ggml.add_bos_token", GgufValue.From(true)),
            new("tokenizer.ggml.add_eos_token", GgufValue.From(false)),
        ];
    }

    private static (string Text, int Type) Token(int id) => id switch
    {
        0 => ("<unk>", Unknown),
        1 => ("<s>", Control),
        2 => ("</s>", Control),
        < 259 => ($"<0x{id - 3:X2}>", Byte),
        259 => ("\u2581", Normal),
        _ => ($"[{id}]", Normal),
    };
}
