using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Inference.Caching;

/// <summary>Keys and values of one sequence in all layers: [layer][key/value head][block of 32 positions], keys, then values.</summary>
internal sealed unsafe class KvSequence : IDisposable
{
    private readonly ModelArchitecture _architecture;
    private readonly KvLayout _layout;
    private readonly NativeBlock _memory;
    private readonly int _blocks;
    private readonly long _headKeys, _headValues, _layerBytes;

    public KvSequence(ModelArchitecture architecture, KvLayout layout, int capacity)
    {
        Tokens = new int[capacity];
        (_architecture, _layout, _blocks) = (architecture, layout, Blocks(capacity));
        (_headKeys, _headValues) = ((long)_blocks * layout.KeyBlockBytes, (long)_blocks * layout.ValueBlockBytes);
        _layerBytes = architecture.KvHeads * (_headKeys + _headValues);
        _memory = new(BytesOf(architecture, layout, capacity));
    }

    /// <summary>Positions that are filled, those before the text included.</summary>
    public int Length { get; set; }

    /// <summary>Tokens of the filled positions; capacity long.</summary>
    public int[] Tokens { get; }

    public static long BytesOf(ModelArchitecture architecture, KvLayout layout, int capacity) =>
        (long)architecture.Layers * architecture.KvHeads * Blocks(capacity) * (layout.KeyBlockBytes + layout.ValueBlockBytes);

    /// <summary>One key/value head of a layer.</summary>
    public AttentionHead Head(int layer, int head)
    {
        byte* start = _memory.Data + (layer * _layerBytes);
        return new((nint)(start + (head * _headKeys)), (nint)(start + (_architecture.KvHeads * _headKeys) + (head * _headValues)), _layout,
            _architecture.Heads / _architecture.KvHeads, (float)_architecture.AttentionScale, (float)(_architecture.AttentionSoftcap ?? 0),
            _architecture.Slides(layer) ? _architecture.SlidingWindow ?? 0 : 0);
    }

    /// <summary>A copy of the blocks that hold the first <see cref="Length"/> positions.</summary>
    public NativeBlock Save()
    {
        NativeBlock saved = new(BytesOf(_architecture, _layout, Length));
        Copy(Blocks(Length), saved.Data, toSaved: true);
        return saved;
    }

    /// <summary>Takes the blocks of the first positions from a copy that was made of <paramref name="savedLength"/>; the tokens given are those from position <paramref name="first"/> on.</summary>
    public void Restore(NativeBlock saved, int savedLength, ReadOnlySpan<int> tokens, int first)
    {
        Copy(Blocks(savedLength), saved.Data, toSaved: false);
        tokens.CopyTo(Tokens.AsSpan(first));
        Length = first + tokens.Length;
    }

    public void Dispose() => _memory.Dispose();

    // Heads of all layers one after another: first their keys, then their values.
    private void Copy(int blocks, byte* saved, bool toSaved)
    {
        long keys = (long)blocks * _layout.KeyBlockBytes, values = (long)blocks * _layout.ValueBlockBytes;
        for (int layer = 0; layer < _architecture.Layers; layer++)
        {
            for (int head = 0; head < _architecture.KvHeads; head++)
            {
                AttentionHead here = Head(layer, head);
                Move((byte*)here.Keys, saved, keys, toSaved);
                Move((byte*)here.Values, saved + keys, values, toSaved);
                saved += keys + values;
            }
        }
    }

    private static void Move(byte* here, byte* saved, long bytes, bool toSaved) => Buffer.MemoryCopy(toSaved ? here : saved, toSaved ? saved : here, bytes, bytes);

    private static int Blocks(int capacity) => (capacity + KvLayout.Positions - 1) / KvLayout.Positions;
}
