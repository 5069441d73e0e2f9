using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Inference.Adapters;

/// <summary>Bottleneck adapters of a model's layers.</summary>
public sealed class BottleneckFile : RunAdapter
{
    private readonly BottleneckHeader _header;
    private readonly Dictionary<string, float[]> _tensors;

    internal BottleneckFile(BottleneckHeader header, GgufFile file) =>
        (_header, _tensors) = (header, file.Tensors.ToDictionary(tensor => tensor.Name, tensor => Values(file, tensor.Name), StringComparer.Ordinal));

    public override AdapterHeader Description => _header;

    internal int MostInner => _header.Sites.Values.Max();

    /// <summary>The adapter of a site in memory of its own, or null where it has none.</summary>
    internal Bottleneck? Make(string site, TransformerKernels kernels) => !_header.Sites.TryGetValue(site, out int inner) ? null
        : new(inner, Of(site, "down.weight"), Of(site, "down.bias"), Of(site, "up.weight"), Of(site, "up.bias"), kernels);

    private NativeBlock Of(string site, string tensor) => NativeBlock.Of(_tensors[$"{site}_{tensor}"]);
}
