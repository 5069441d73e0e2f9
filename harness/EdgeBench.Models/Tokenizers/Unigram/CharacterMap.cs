using System.Buffers.Binary;

namespace EdgeBench.Models.Tokenizers.Unigram;

/// <summary>
/// SentencePiece's <c>precompiled_charsmap</c>: what prefixes of UTF-8 text are replaced by. An XOR-compressed double array (Kanda 2018,
/// darts-clone's layout) of 32-bit nodes, little-endian, then the replacements, each ended by a zero byte.
/// </summary>
internal sealed class CharacterMap
{
    private readonly uint[] _nodes;
    private readonly byte[] _replacements;

    private CharacterMap(uint[] nodes, byte[] replacements) => (_nodes, _replacements) = (nodes, replacements);

    /// <summary>Null where the bytes are no such map.</summary>
    public static CharacterMap? Read(byte[] bytes)
    {
        if (bytes.Length < 8) return null;
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (size < 4 || size % 4 != 0 || size >= bytes.Length - 4 || bytes[^1] != 0) return null;
        uint[] nodes = new uint[size / 4];
        for (int i = 0; i < nodes.Length; i++) nodes[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4 + (4 * i)));
        return new CharacterMap(nodes, bytes[(4 + (int)size)..]);
    }

    /// <summary>The longest prefix that is replaced: its length, 0 for none, and what replaces it.</summary>
    public int Longest(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement) => Match(text, first: false, out replacement);

    /// <summary>The same for the shortest.</summary>
    public int Shortest(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement) => Match(text, first: true, out replacement);

    private int Match(ReadOnlySpan<byte> text, bool first, out ReadOnlySpan<byte> replacement)
    {
        replacement = default;
        int longest = 0;
        uint node = Base(_nodes[0]);
        for (int i = 0; i < text.Length && text[i] != 0; i++)
        {
            node ^= text[i];
            // The label carries bit 31 where a node holds a value: no byte equals it.
            if (node >= _nodes.Length || (_nodes[node] & 0x8000_00FF) != text[i]) break;
            bool leaf = ((_nodes[node] >> 8) & 1) != 0;
            node ^= Base(_nodes[node]);
            if (node >= _nodes.Length) break;
            if (!leaf) continue;
            uint start = _nodes[node] & 0x7FFF_FFFF;
            if (start >= _replacements.Length) break;
            longest = i + 1;
            replacement = _replacements.AsSpan((int)start);
            replacement = replacement[..replacement.IndexOf((byte)0)];
            if (first) break;
        }
        return longest;
    }

    private static uint Base(uint node) => (node >> 10) << (int)((node & (1u << 9)) >> 6);
}
