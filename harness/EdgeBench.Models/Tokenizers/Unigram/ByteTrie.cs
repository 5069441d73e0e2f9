using System.Text;

namespace EdgeBench.Models.Tokenizers.Unigram;

/// <summary>Tokens by their UTF-8 bytes, for finding every token that starts at a place in one walk.</summary>
internal sealed class ByteTrie
{
    private readonly Dictionary<int, int> _children = [];
    private readonly List<int> _tokens = [-1];

    private ByteTrie()
    {
    }

    public static ByteTrie Of(TokenVocabulary vocabulary, Func<TokenKinds, bool> holds)
    {
        ByteTrie trie = new();
        for (int id = 0; id < vocabulary.Count; id++)
        {
            if (!holds(vocabulary.Kinds[id])) continue;
            int node = 0;
            foreach (byte value in Encoding.UTF8.GetBytes(vocabulary.Texts[id])) node = trie.Grow(node, value);
            trie._tokens[node] = id;
        }
        return trie;
    }

    /// <summary>The node below, or -1. The root is 0.</summary>
    public int Child(int node, byte value) => _children.GetValueOrDefault((node << 8) | value, -1);

    /// <summary>Token that ends at a node, or -1.</summary>
    public int Token(int node) => _tokens[node];

    /// <summary>Bytes of the longest path from the root, whether or not a token ends there: llama.cpp takes user-defined tokens so.</summary>
    public int LongestPath(ReadOnlySpan<byte> input)
    {
        int node = 0;
        for (int i = 0; i < input.Length; i++)
        {
            node = Child(node, input[i]);
            if (node < 0) return i;
        }
        return input.Length;
    }

    private int Grow(int node, byte value)
    {
        int child = Child(node, value);
        if (child >= 0) return child;
        _tokens.Add(-1);
        _children.Add((node << 8) | value, _tokens.Count - 1);
        return _tokens.Count - 1;
    }
}
