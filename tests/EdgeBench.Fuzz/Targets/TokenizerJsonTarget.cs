using System.Text;
using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Folders.Tokenizers;

namespace EdgeBench.Fuzz.Targets;

/// <summary>tokenizer.json, read as the importer reads it, with its special tokens; the same bytes also as tokenizer_config.json.</summary>
internal sealed class TokenizerJsonTarget : IFuzzTarget
{
    private readonly ModelFolder _folder = new(Directory.CreateTempSubdirectory("edgebench-fuzz-").FullName);
    private readonly ConfigFile _config = ConfigFile.Of(JsonDocument.Parse("""{"bos_token_id":1}"""), "config.json");

    public string Name => "tokenizer.json";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Encoding.UTF8.GetBytes("""
            {"added_tokens":[{"id":0,"content":"<|endoftext|>","special":true},{"id":4,"content":"<extra>"}],"normalizer":null,
             "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},{"type":"ByteLevel","add_prefix_space":false,"use_regex":true}]},
             "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<|endoftext|>"}},{"Sequence":{"id":"A"}}]},
             "model":{"type":"BPE","vocab":{"<|endoftext|>":0,"a":1,"b":2,"ab":3},"merges":["a b",["a","b"]]},"bos_token":{"content":"<|endoftext|>"},"add_bos_token":true}
            """),
        Encoding.UTF8.GetBytes("""
            {"added_tokens":[{"id":0,"content":"[PAD]","special":true}],"normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},
             "pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":{"processors":[{"type":"ByteLevel"}]},"model":{"type":"WordPiece","continuing_subword_prefix":"##","vocab":{"[PAD]":0,"a":1,"##b":2}}}
            """),
        Encoding.UTF8.GetBytes("""
            {"normalizer":{"type":"Sequence","normalizers":[{"type":"Precompiled","precompiled_charsmap":"AAAA"},{"type":"Replace","pattern":{"Regex":" {2,}"}}]},
             "pre_tokenizer":{"type":"Metaspace","prepend_scheme":"always"},"model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["a",-1.5]]},
             "added_tokens":[],"added_tokens_decoder":{"1":{"content":"x","special":false}},"chat_template":[{"name":"default","template":"t"}]}
            """),
    ];

    public byte[]? Restructure(byte[] input, Random random) => JsonMutator.Mutate(input, random);

    public void Execute(byte[] input)
    {
        using JsonDocument document = BoundedJson.Parse(input, "tokenizer.json");
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw EdgeBenchException.BadInput("no object", "an object");
        using TokenizerFiles files = new(_folder, JsonDocument.Parse(input), JsonDocument.Parse(input));
        _ = new SpecialTokens(files, _config, _ => null).Metadata(100).Count();
        _ = AddedToken.OfConfig(document.RootElement, "tokenizer_config.json");
        _ = TokenizerImport.FromJson(document.RootElement, null, 2, "tokenizer.json");
    }
}
