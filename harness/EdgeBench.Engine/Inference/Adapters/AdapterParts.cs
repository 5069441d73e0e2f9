using EdgeBench.Core.Problems;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Adapters;

namespace EdgeBench.Engine.Inference.Adapters;

/// <summary>Everything that adapters add to a run, by what adds it.</summary>
internal sealed class AdapterParts : IDisposable
{
    private readonly Bottleneck?[] _attention, _feedForward;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) where one does not belong to the model, or two stand in each other's place.</summary>
    public AdapterParts(PackedDecoder model, IReadOnlyList<RunAdapter> adapters, TransformerKernels kernels)
    {
        RequireOneOfAKind(adapters.Select(adapter => adapter.Description));
        foreach (RunAdapter adapter in adapters) model.Check(adapter.Description);
        LoraFile[] loras = [.. adapters.OfType<LoraFile>()];
        BottleneckFile? bottlenecks = adapters.OfType<BottleneckFile>().SingleOrDefault();
        IsEmpty = adapters.Count == 0;
        Prompt = adapters.OfType<PromptFile>().SingleOrDefault();
        Prefix = adapters.OfType<PrefixFile>().SingleOrDefault();
        Inner = bottlenecks?.MostInner ?? 0;
        Lora = loras.Length == 0 ? null : new(model, loras, kernels);
        _attention = [.. Enumerable.Range(0, model.Layers.Count).Select(layer => bottlenecks?.Make(BottleneckHeader.Attention(layer), kernels))];
        _feedForward = [.. Enumerable.Range(0, model.Layers.Count).Select(layer => bottlenecks?.Make(BottleneckHeader.FeedForward(layer), kernels))];
    }

    public bool IsEmpty { get; }

    public AdapterSet? Lora { get; }

    public PromptFile? Prompt { get; }

    public PrefixFile? Prefix { get; }

    /// <summary>Largest inner width of a bottleneck, or 0.</summary>
    public int Inner { get; }

    /// <summary>Positions before each text.</summary>
    public int VirtualTokens => (Prompt?.Tokens ?? 0) + (Prefix?.Tokens ?? 0);

    public Bottleneck? Attention(int layer) => _attention[layer];

    public Bottleneck? FeedForward(int layer) => _feedForward[layer];

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input): LoRA adds up, and what takes the same place does not.</summary>
    public static void RequireOneOfAKind(IEnumerable<AdapterHeader> adapters)
    {
        AdapterHeader[] others = [.. adapters.Where(adapter => adapter.Kind != AdapterKind.Lora)];
        if (others.Count(adapter => adapter.VirtualTokens > 0) > 1 || others.Count(adapter => adapter.Kind == AdapterKind.Bottleneck) > 1)
            throw EdgeBenchException.BadInput($"adapters of kinds {string.Join(", ", others.Select(adapter => AdapterHeader.NameOf(adapter.Kind)))} at once", "one prompt or prefix, and one bottleneck adapter, beside any number of LoRA", "Leave all but one out.");
    }

    public void Dispose()
    {
        Lora?.Dispose();
        foreach (Bottleneck? bottleneck in _attention.Concat(_feedForward)) bottleneck?.Dispose();
    }
}
