using EdgeBench.Models.Files;
using EdgeBench.Models.Folders.Tokenizers;

namespace EdgeBench.Fuzz.Targets;

/// <summary>A SentencePiece model, and the GGUF metadata made of it.</summary>
internal sealed class SentencePieceTarget : IFuzzTarget
{
    private readonly TokenizerFiles _files = new(new ModelFolder(Directory.CreateTempSubdirectory("edgebench-fuzz-").FullName), null, null);

    public string Name => "sentencepiece";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Model(SentencePieceModel.BytePairs).ToBytes(),
        (Model(SentencePieceModel.Unigram) with { NormalisationMap = [1, 2, 3, 4], RemoveExtraWhitespaces = true }).ToBytes(),
    ];

    public void Execute(byte[] input)
    {
        SentencePieceModel model = SentencePieceModel.Parse(input, "tokenizer.model");
        _ = SentencePieceImport.Metadata(model, _files, null, null, "tokenizer.model").Count();
        _ = model.ToBytes();
    }

    private static SentencePieceModel Model(int kind) => new()
    {
        Vocabulary = [new("<unk>", 0, TokenTypes.Unknown), new("<s>", 0, TokenTypes.Control), new("<0x0A>", 0, TokenTypes.Byte), new("\u2581a", -1.5f, TokenTypes.Normal), new("naïve", -2, TokenTypes.UserDefined)],
        Kind = kind,
        RemoveExtraWhitespaces = false,
    };
}
