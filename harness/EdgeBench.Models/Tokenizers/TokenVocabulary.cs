namespace EdgeBench.Models.Tokenizers;

/// <summary>What a token is, by llama.cpp's attributes.</summary>
[Flags]
internal enum TokenKinds
{
    None = 0,
    Unknown = 1,
    Unused = 2,
    Normal = 4,
    Control = 8,
    UserDefined = 16,
    Byte = 32,
    LeftStrip = 64,
    RightStrip = 128,
}

/// <summary>Tokens by id and by text.</summary>
internal sealed class TokenVocabulary
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    /// <param name="texts">By id.</param>
    /// <param name="ids">By text.</param>
    /// <param name="scores">By id.</param>
    public TokenVocabulary(string[] texts, Dictionary<string, int> ids, TokenKinds[] kinds, double[] scores)
    {
        (Texts, Ids, Kinds, Scores) = (texts, ids, kinds, scores);
        _bySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int value = 0; value < 256; value++) Bytes[value] = Find($"<0x{value:X2}>");
    }

    public int Count => Texts.Length;

    public string[] Texts { get; }

    public Dictionary<string, int> Ids { get; }

    public TokenKinds[] Kinds { get; }

    public double[] Scores { get; }

    /// <summary>Tokens that end what a model writes, besides EOS.</summary>
    public HashSet<int> Ends { get; } = [];

    /// <summary>Tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>, -1 for each that is not there.</summary>
    public int[] Bytes { get; } = new int[256];

    /// <summary>Id of a text, or -1.</summary>
    public int Find(ReadOnlySpan<char> text) => _bySpan.TryGetValue(text, out int id) ? id : -1;
}
