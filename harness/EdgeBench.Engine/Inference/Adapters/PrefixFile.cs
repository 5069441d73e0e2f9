using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Engine.Inference.Caching;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Inference.Adapters;

/// <summary>A prefix: keys and values of the first positions of each text, in every layer.</summary>
public sealed class PrefixFile : RunAdapter
{
    private readonly (float[] Keys, float[] Values)[] _layers;

    internal PrefixFile(PrefixHeader header, GgufFile file)
    {
        Description = header;
        _layers = [.. Enumerable.Range(0, header.Layers).Select(layer => (Values(file, PrefixHeader.Key(layer)), Values(file, PrefixHeader.Value(layer))))];
    }

    public override AdapterHeader Description { get; }

    internal int Tokens => Description.VirtualTokens;

    /// <summary>Makes it the first positions of an empty sequence. Throws <see cref="TrialException"/> for a number that the cache's format cannot hold.</summary>
    internal unsafe void Fill(KvSequence sequence, ModelArchitecture architecture, TransformerKernels kernels)
    {
        int head = architecture.HeadDim, width = architecture.KvHeads * head;
        HeadOrder order = HeadOrder.Of(architecture);
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            fixed (float* values = _layers[layer].Values)
            fixed (float* keys = order.ApplyToRows(_layers[layer].Keys, width))
            {
                for (int i = 0; i < Tokens * architecture.KvHeads; i++)
                {
                    if (kernels.Store(sequence.Head(layer, i % architecture.KvHeads), i / architecture.KvHeads, keys + ((nint)i * head), values + ((nint)i * head))) continue;
                    throw new TrialException(FailureKind.Unsupported, $"a key or value of the prefix in layer {layer} is not finite, or too large for the cache's format", "Set 'kv_type: f32', or train the prefix again.");
                }
            }
        }
        sequence.Length = Tokens;
    }
}
