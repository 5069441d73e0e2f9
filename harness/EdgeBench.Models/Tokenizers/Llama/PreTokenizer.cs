using EdgeBench.Models.Tokenizers.Splitting;

namespace EdgeBench.Models.Tokenizers.Llama;

/// <summary>One value of <c>tokenizer.ggml.pre</c>: how text is split before merging, and what else llama.cpp ties to that name.</summary>
/// <param name="Splitters">One after another.</param>
internal sealed record PreTokenizer(string[] Names, Func<ISplitter[]> Splitters)
{
    /// <summary>A word that is a token as a whole is not merged.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>BOS starts a text where the file does not say.</summary>
    public bool AddBos { get; init; }

    /// <summary>BOS starts a text even where the file says no (Gemma 4).</summary>
    public bool AlwaysAddBos { get; init; }

    /// <summary>No default for BOS.</summary>
    public bool NoBos { get; init; }

    /// <summary>Merges work on code points with U+2581 for spaces, not on GPT-2's letters for bytes.</summary>
    public bool CodePoints { get; init; }

    /// <summary>Words of nothing but newlines are looked up whole.</summary>
    public bool WholeNewlines { get; init; }
}
