using EdgeBench.Models.Gguf;
using EdgeBench.Models.Tokenizers;

namespace EdgeBench.Backends.Tests.LlamaCpp;

/// <summary>
/// A byte-level vocabulary that shows where a text is split: every byte that may end a code point merges with every byte that may start one,
/// and no others do. Two code points side by side share a token wherever no split parts them and neither neighbour took its byte first (which
/// happens among one-byte code points only), whereas a published vocabulary merges few of the pairs that a wrong split would part.
/// </summary>
internal static class BoundaryVocabulary
{
    private const int Normal = 1;
    private const int Control = 3;

    /// <summary>Writes the vocabulary under <paramref name="pre"/>, a value of <c>tokenizer.ggml.pre</c>.</summary>
    public static void Write(string path, string pre)
    {
        string[] letters = [.. Enumerable.Range(0, 256).Select(value => ByteAlphabet.Letter((byte)value).ToString())];
        IEnumerable<int> starts = Enumerable.Range(0, 256).Where(value => value is < 0x80 or (>= 0xC2 and <= 0xF4));
        (string Last, string First)[] pairs = [.. Enumerable.Range(0, 0xC0).SelectMany(last => starts.Select(first => (letters[last], letters[first])))];
        // By chance, so that no one-byte code point always takes its neighbour on the same side.
        new Random(1).Shuffle(pairs);
        string[] tokens = [.. letters, .. pairs.Select(pair => pair.Last + pair.First), "<|endoftext|>"];
        int[] types = [.. Enumerable.Repeat(Normal, tokens.Length - 1), Control];
        GgufWriter.Write(path, new Dictionary<string, GgufValue>
        {
            ["general.architecture"] = GgufValue.From("gpt2"),
            ["tokenizer.ggml.model"] = GgufValue.From("gpt2"),
            ["tokenizer.ggml.pre"] = GgufValue.From(pre),
            ["tokenizer.ggml.tokens"] = GgufValue.From(new GgufArray(GgufValueType.String, tokens)),
            ["tokenizer.ggml.token_type"] = GgufValue.From(new GgufArray(GgufValueType.Int32, types)),
            ["tokenizer.ggml.merges"] = GgufValue.From(new GgufArray(GgufValueType.String, pairs.Select(pair => $"{pair.Last} {pair.First}").ToArray())),
            ["tokenizer.ggml.bos_token_id"] = GgufValue.From((uint)(tokens.Length - 1)),
            ["tokenizer.ggml.eos_token_id"] = GgufValue.From((uint)(tokens.Length - 1)),
        }, []);
    }
}
