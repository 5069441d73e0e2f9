namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>
/// A byte-level pre-tokenizer that llama.cpp knows by name. llama.cpp's converter finds the name by hashing what a tokenizer makes of one text; here
/// the steps themselves must be equal. Source of names and expressions: llama.cpp, <c>src/llama-vocab.cpp</c>, <c>llm_tokenizer_bpe</c>.
/// </summary>
/// <param name="Name"><c>tokenizer.ggml.pre</c>.</param>
/// <param name="Steps">As <see cref="PreTokenizer.Steps"/> gives them.</param>
/// <param name="IgnoreMerges">Whether a word that is a token is taken whole: llama.cpp decides it by the name.</param>
/// <param name="Normaliser">Type of normaliser that llama.cpp leaves out knowingly (Qwen: NFC), or null for none.</param>
internal sealed record PreTokenizerKind(string Name, IReadOnlyList<string> Steps, bool IgnoreMerges, string? Normaliser)
{
    private const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Tail = @"\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Words = @"|[^\r\n\p{L}\p{N}]?\p{L}+";
    private const string Symbols = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|";
    private const string Upper = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+";
    private const string Lower = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*";

    private const string Bytes = "ByteLevel";
    private const string BytesAndWords = "ByteLevel regex";

    // Of names with equal rules the first is given; the others are known to readers of GGUF files.
    private static readonly PreTokenizerKind[] s_all =
    [
        new("gpt-2", [BytesAndWords], false, null),
        new("smollm", ["Digits individual", BytesAndWords], false, null),
        new("llama-bpe", [Isolated(Contractions + Words + @"|\p{N}{1,3}" + Symbols + Tail), Bytes], true, null),
        new("dbrx", [Isolated(Contractions + Words + @"|\p{N}{1,3}" + Symbols + Tail), Bytes], false, null),
        new("qwen2", [Isolated(Contractions + Words + @"|\p{N}" + Symbols + Tail), Bytes], false, "NFC"),
        new("gpt-4o", [Isolated($"{Upper}{Contractions}?|{Lower}{Contractions}?|" + @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + Tail), Bytes], false, null),
        new("tekken", [Isolated($"{Upper}|{Lower}|" + @"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + Tail), Bytes], true, null),
    ];

    public static IReadOnlyList<PreTokenizerKind> All => s_all;

    /// <summary>Null where no kind has these steps.</summary>
    public static PreTokenizerKind? Find(IReadOnlyList<string> steps, bool ignoreMerges, string? normaliser) =>
        Array.Find(s_all, kind => kind.IgnoreMerges == ignoreMerges && kind.Steps.SequenceEqual(steps) && (normaliser is null || normaliser == kind.Normaliser));

    /// <summary>The kind that a GGUF file names, or null.</summary>
    public static PreTokenizerKind? Find(string name) => Array.Find(s_all, kind => kind.Name == name);

    private static string Isolated(string regex) => $"Split Isolated {regex}";
}
