using System.Text;
using EdgeBench.Models.Tokenizers;
using EdgeBench.Models.Tokenizers.HuggingFace;

namespace EdgeBench.Fuzz.Targets;

/// <summary>A tokenizer.json, and what its tokenizer makes of a text with everything in it.</summary>
internal sealed class TokenizerEncodeTarget : IFuzzTarget
{
    private const string Text = "<s> Hello, wörld! 12 345\n\t 我 🦙 e\u0301 ab<m>ab </s>\0";

    public string Name => "tokenizer.json-encode";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Json("""
            {"added_tokens":[{"id":6,"content":"<s>","special":true,"normalized":false},{"id":7,"content":"<m>","special":false,"lstrip":true,"rstrip":true,"single_word":true,"normalized":true}],
            "normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Prepend","prepend":"x"},{"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "},{"type":"Strip","strip_left":true}]},
            "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"[^\\r\\n\\p{L}]?+\\p{L}+|\\p{N}{1,3}|\\s+(?!\\S)|\\s+"},"behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":true,"use_regex":true}]},
            "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>"}},{"Sequence":{"id":"A"}}],"special_tokens":{"<s>":{"ids":[6]}}},
            "decoder":{"type":"ByteLevel"},
            "model":{"type":"BPE","vocab":{"H":0,"e":1,"He":2,"l":3,"o":4,"<0x0A>":5},"merges":["H e"],"unk_token":"o","byte_fallback":true,"fuse_unk":true,"ignore_merges":true}}
            """),
        Json("""
            {"added_tokens":[],"normalizer":{"type":"BertNormalizer","strip_accents":true,"lowercase":true},"pre_tokenizer":{"type":"BertPreTokenizer"},
            "post_processor":{"type":"BertProcessing","sep":["s",1],"cls":["c",0]},"decoder":{"type":"WordPiece","prefix":"##","cleanup":true},
            "model":{"type":"WordPiece","unk_token":"u","continuing_subword_prefix":"##","max_input_chars_per_word":9,"vocab":{"c":0,"s":1,"u":2,"he":3,"##llo":4,"w":5}}}
            """),
        Json("""
            {"pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":true},"normalizer":{"type":"Precompiled","precompiled_charsmap":"CAAAAAABAAAABAAAYQA="},
            "decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},
            "model":{"type":"Unigram","unk_id":0,"byte_fallback":true,"vocab":[["<unk>",0],["▁",-1.5],["▁He",-2],["llo",-3.25],["▁w",-4]]}}
            """),
    ];

    // Bytes that change at random leave JSON behind nine times in ten; what encodes is behind the readers of JSON.
    public byte[]? Restructure(byte[] input, Random random) => JsonMutator.Mutate(input, random);

    public void Execute(byte[] input)
    {
        ITokenizer tokenizer = FolderTokenizer.FromJson(JsonPart.Parse(input, "tokenizer.json"), new JsonPart(default, "tokenizer_config.json", ""));
        foreach (bool special in new[] { true, false })
        {
            int[] ids = tokenizer.Encode(Text, special, special);
            tokenizer.Decode([.. ids.Where(id => id < tokenizer.Vocabulary)], special);
        }
    }

    private static byte[] Json(string text) => Encoding.UTF8.GetBytes(text);
}
