using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using Google.Protobuf;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>A piece of a SentencePiece model.</summary>
/// <param name="Type">As <see cref="TokenTypes"/>.</param>
internal readonly record struct SentencePiece(string Text, float Score, int Type);

/// <summary>
/// What matters of a SentencePiece model, a protocol-buffer message. Field numbers: google/sentencepiece, <c>src/sentencepiece_model.proto</c>.
/// </summary>
internal sealed record SentencePieceModel
{
    /// <summary>Bytes of a file; the largest published ones take 5 MB.</summary>
    public const int Limit = 32 << 20;

    public const int Unigram = 1;
    public const int BytePairs = 2;

    private const uint Pieces = 1, Trainer = 2, Normaliser = 3;
    private const uint PieceText = 1, PieceScore = 2, PieceType = 3;
    private const uint ModelType = 3;
    private const uint CharacterMap = 2, DummyPrefix = 3, RemoveExtra = 4, Escape = 5;

    public required IReadOnlyList<SentencePiece> Vocabulary { get; init; }

    /// <summary><see cref="Unigram"/>, <see cref="BytePairs"/>, 3 (words) or 4 (characters).</summary>
    public int Kind { get; init; } = Unigram;

    public byte[] NormalisationMap { get; init; } = [];

    public bool AddDummyPrefix { get; init; } = true;

    public bool RemoveExtraWhitespaces { get; init; } = true;

    public bool EscapeWhitespaces { get; init; } = true;

    public static SentencePieceModel Read(string path)
    {
        using MappedFile file = MappedFile.Open(path, "a SentencePiece model");
        if (file.Length > Limit) throw EdgeBenchException.BadInput($"the file has {file.Length} bytes", $"at most {Limit}", "Check that it is the model's own file.", path);
        return Parse(file.Header(Limit).At(0, (int)file.Length).ToArray(), path);
    }

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input).</summary>
    public static SentencePieceModel Parse(byte[] bytes, string path)
    {
        List<SentencePiece> pieces = [];
        SentencePieceModel model = new() { Vocabulary = pieces };
        try
        {
            CodedInputStream input = new(bytes);
            for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
            {
                switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
                {
                    case ((int)Pieces, WireFormat.WireType.LengthDelimited):
                        if (pieces.Count == Gguf.GgufReader.ObjectLimit / 2) throw Refused($"more than {pieces.Count} pieces", path);
                        pieces.Add(Piece(input.ReadBytes()));
                        break;
                    case ((int)Trainer, WireFormat.WireType.LengthDelimited): model = model with { Kind = KindOf(input.ReadBytes()) }; break;
                    case ((int)Normaliser, WireFormat.WireType.LengthDelimited): model = Normalised(model, input.ReadBytes()); break;
                    default: input.SkipLastField(); break;
                }
            }
        }
        catch (InvalidProtocolBufferException error)
        {
            throw Refused($"this is no SentencePiece model: {FileErrors.Quoted(error.Message)}", path);
        }
        if (pieces.Count == 0) throw Refused("this is no SentencePiece model: it has no pieces", path);
        for (int id = 0; id < pieces.Count; id++)
        {
            if (pieces[id].Text.Length == 0 || pieces[id].Type is < TokenTypes.Normal or > TokenTypes.Byte || !float.IsFinite(pieces[id].Score))
                throw Refused($"piece {id} has the text {FileErrors.Quoted(pieces[id].Text)}, the score {pieces[id].Score} and the type {pieces[id].Type}", path);
        }
        return model;
    }

    public byte[] ToBytes()
    {
        using MemoryStream stream = new();
        using CodedOutputStream output = new(stream, leaveOpen: true);
        foreach (SentencePiece piece in Vocabulary)
        {
            WriteMessage(output, Pieces, inner =>
            {
                inner.WriteTag((int)PieceText, WireFormat.WireType.LengthDelimited);
                inner.WriteString(piece.Text);
                inner.WriteTag((int)PieceScore, WireFormat.WireType.Fixed32);
                inner.WriteFloat(piece.Score);
                if (piece.Type != TokenTypes.Normal) WriteNumber(inner, PieceType, piece.Type);
            });
        }
        WriteMessage(output, Trainer, inner =>
        {
            WriteNumber(inner, ModelType, Kind);
            foreach ((uint field, int type) in new (uint, int)[] { (40, TokenTypes.Unknown) })
            {
                int id = Vocabulary.ToList().FindIndex(piece => piece.Type == type);
                if (id >= 0) WriteNumber(inner, field, id);
            }
        });
        WriteMessage(output, Normaliser, inner =>
        {
            if (NormalisationMap.Length > 0)
            {
                inner.WriteTag((int)CharacterMap, WireFormat.WireType.LengthDelimited);
                inner.WriteBytes(ByteString.CopyFrom(NormalisationMap));
            }
            WriteNumber(inner, DummyPrefix, AddDummyPrefix ? 1 : 0);
            WriteNumber(inner, RemoveExtra, RemoveExtraWhitespaces ? 1 : 0);
            WriteNumber(inner, Escape, EscapeWhitespaces ? 1 : 0);
        });
        output.Flush();
        return stream.ToArray();
    }

    private static SentencePiece Piece(ByteString bytes)
    {
        SentencePiece piece = new("", 0, TokenTypes.Normal);
        CodedInputStream input = bytes.CreateCodedInput();
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case ((int)PieceText, WireFormat.WireType.LengthDelimited): piece = piece with { Text = input.ReadString() }; break;
                case ((int)PieceScore, WireFormat.WireType.Fixed32): piece = piece with { Score = input.ReadFloat() }; break;
                case ((int)PieceType, WireFormat.WireType.Varint): piece = piece with { Type = input.ReadInt32() }; break;
                default: input.SkipLastField(); break;
            }
        }
        return piece;
    }

    private static int KindOf(ByteString bytes)
    {
        int kind = Unigram;
        CodedInputStream input = bytes.CreateCodedInput();
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == ModelType && WireFormat.GetTagWireType(tag) == WireFormat.WireType.Varint) kind = input.ReadInt32();
            else input.SkipLastField();
        }
        return kind;
    }

    private static SentencePieceModel Normalised(SentencePieceModel model, ByteString bytes)
    {
        CodedInputStream input = bytes.CreateCodedInput();
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case ((int)CharacterMap, WireFormat.WireType.LengthDelimited): model = model with { NormalisationMap = input.ReadBytes().ToByteArray() }; break;
                case ((int)DummyPrefix, WireFormat.WireType.Varint): model = model with { AddDummyPrefix = input.ReadBool() }; break;
                case ((int)RemoveExtra, WireFormat.WireType.Varint): model = model with { RemoveExtraWhitespaces = input.ReadBool() }; break;
                case ((int)Escape, WireFormat.WireType.Varint): model = model with { EscapeWhitespaces = input.ReadBool() }; break;
                default: input.SkipLastField(); break;
            }
        }
        return model;
    }

    private static void WriteMessage(CodedOutputStream output, uint field, Action<CodedOutputStream> write)
    {
        using MemoryStream stream = new();
        using (CodedOutputStream inner = new(stream, leaveOpen: true)) write(inner);
        output.WriteTag((int)field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(stream.GetBuffer(), 0, (int)stream.Length));
    }

    private static void WriteNumber(CodedOutputStream output, uint field, int value)
    {
        output.WriteTag((int)field, WireFormat.WireType.Varint);
        output.WriteInt32(value);
    }

    private static EdgeBenchException Refused(string found, string path) =>
        EdgeBenchException.BadInput(found, "a SentencePiece model", "The file is damaged or cut off: fetch it again.", path);
}
