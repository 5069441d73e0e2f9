using EdgeBench.Core.Problems;
using EdgeBench.Engine.Decoding;
using EdgeBench.Engine.Inference.Adapters;
using EdgeBench.Engine.Inference.Forward;
using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Kernels.Dense;
using EdgeBench.Kernels.Packed;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Inference.Loading;

/// <summary>
/// A causal decoder with its weights packed for inference. The file stays open: rows of the token embedding are read from it where they lie. Several
/// <see cref="DecoderRun"/>s may use it, also at the same time.
/// </summary>
public sealed unsafe class PackedDecoder : IDisposable
{
    private readonly GgufFile _file;
    private readonly GgufTensor _embedding;
    private readonly RotaryPair _rotary;

    private PackedDecoder(GgufFile file, DecoderPlan plan, GgufWeights weights, int context, KernelSet kernels)
    {
        (_file, Architecture, _embedding, Formats, Kernels) = (file, plan.Architecture, plan.Embedding, plan.Formats, kernels);
        _rotary = new(weights, context);
        FinalNorm = Norm(weights, "output_norm.weight", Architecture.Width)!;
        List<(LinearPlan, PackedMatrix)> matrices = [];
        Layers = [.. Enumerable.Range(0, Architecture.Layers).Select(layer => Layer(weights, layer, [.. plan.Layers[layer].Select(part => Make(part, matrices))]))];
        Head = Make(plan.Head, matrices);
        Matrices = matrices;
    }

    public ModelArchitecture Architecture { get; }

    /// <summary>Formats in memory with the number of matrices in each.</summary>
    public string Formats { get; }

    /// <summary>Of matrix products.</summary>
    public KernelSet Kernels { get; }

    /// <summary>Bytes of packed weights.</summary>
    public long Bytes => Layers.Sum(layer => layer.Linears.Sum(linear => linear.Bytes)) + Head.Bytes;

    internal NativeBlock FinalNorm { get; }

    internal IReadOnlyList<DecoderLayer> Layers { get; }

    internal Linear Head { get; }

    private List<(LinearPlan Plan, PackedMatrix Target)> Matrices { get; set; }

    /// <summary>
    /// Packs a file's weights by all members of the crew. Takes over the file. Throws <see cref="EdgeBenchException"/> (bad input) for what cannot run, and
    /// <see cref="Core.Backends.TrialException"/> (out of memory) before it allocates more than there is.
    /// </summary>
    /// <param name="run">How it will be run: for the estimate of memory, and for the choice of rotary factors by context (Phi-3).</param>
    /// <param name="kernels">Of matrix products; null takes <see cref="KernelSets.Current"/>.</param>
    public static PackedDecoder Load(GgufFile file, Crew crew, RunOptions run, KernelSet? kernels = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(crew);
        ArgumentNullException.ThrowIfNull(run);
        DecoderPlan plan = new(file);
        long moreBytes = DecoderRun.BytesOf(plan.Architecture, run);
        AvailableMemory.Require(plan.Bytes + moreBytes, $"weights {AvailableMemory.Megabytes(plan.Bytes)}, cache and working memory {AvailableMemory.Megabytes(moreBytes)}",
            AvailableMemory.Bytes());
        PackedDecoder decoder = new(file, plan, new GgufWeights(file), run.Positions, kernels ?? KernelSets.Current);
        try
        {
            crew.Run(new PackWork(file, decoder.Matrices, plan.Embedding));
        }
        catch (NotFiniteNumberException error)
        {
            decoder.Dispose();
            throw EdgeBenchException.BadInput(error.Message, "weights within float16", "Use the model's Q8_0 file.", file.Path);
        }
        decoder.Matrices = [];
        return decoder;
    }

    /// <summary>Why a file cannot run with these adapters, read from the headers; null where it can.</summary>
    public static Problem? WhyNot(GgufFile file, IEnumerable<AdapterHeader> adapters)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(adapters);
        try
        {
            _ = new RotaryPair(new GgufWeights(file), 0);
            DecoderPlan plan = new(file);
            AdapterParts.RequireOneOfAKind(adapters);
            foreach (AdapterHeader adapter in adapters) Check(adapter, file, plan.Layers.SelectMany(layer => layer).Select(matrix => matrix.Name));
            return null;
        }
        catch (EdgeBenchException error)
        {
            return error.Problems[0];
        }
    }

    public void Dispose()
    {
        foreach (DecoderLayer layer in Layers) layer.Dispose();
        Head.Dispose();
        FinalNorm.Dispose();
        _file.Dispose();
    }

    /// <summary>Throws <see cref="EdgeBenchException"/> where an adapter is another model's, or changes what is not packed by itself.</summary>
    internal void Check(AdapterHeader adapter) => Check(adapter, _file, Layers.SelectMany(layer => layer.Linears).Select(linear => linear.Name));

    internal Rotary RotaryOf(int layer) => _rotary.Of(layer);

    /// <summary>Whether layers with a sliding window turn by other angles than the others.</summary>
    internal bool HasTwoRotaries => Architecture.SlidingRopeBase is not null;

    /// <summary>Writes the residual stream's start of one token.</summary>
    internal void Embed(int token, float* target)
    {
        Span<float> row = new(target, Architecture.Width);
        _file.Dequantise(_embedding, (long)token * Architecture.Width, row);
        Scale(row);
    }

    /// <summary>The same of an embedding that is no token's.</summary>
    internal void Embed(ReadOnlySpan<float> embedding, float* target)
    {
        Span<float> row = new(target, Architecture.Width);
        embedding.CopyTo(row);
        Scale(row);
    }

    private void Scale(Span<float> row)
    {
        float scale = (float)Architecture.EmbeddingScale;
        if (scale == 1) return;
        for (int i = 0; i < row.Length; i++) row[i] *= scale;
    }

    private static void Check(AdapterHeader adapter, GgufFile file, IEnumerable<string> matrices)
    {
        if (adapter is LoraHeader lora) lora.Check(file, matrices);
        else adapter.Check(file);
    }

    private Linear Make(LinearPlan plan, List<(LinearPlan, PackedMatrix)> matrices)
    {
        PackedMatrix matrix = new(plan.Format, plan.Rows, plan.Columns);
        matrices.Add((plan, matrix));
        return new(plan.Name, matrix, plan.Bias is null ? null : NativeBlock.Of(plan.Bias), Kernels);
    }

    private DecoderLayer Layer(GgufWeights weights, int layer, Linear[] parts)
    {
        string at = $"blk.{layer}.";
        ModelArchitecture a = Architecture;
        HeadOrder order = HeadOrder.Of(a);
        return new()
        {
            AttentionNorm = Norm(weights, at + "attn_norm.weight", a.Width),
            QueryNorm = a.QueryKeyNorm ? Norm(weights, at + "attn_q_norm.weight", a.HeadDim, order) : null,
            KeyNorm = a.QueryKeyNorm ? Norm(weights, at + "attn_k_norm.weight", a.HeadDim, order) : null,
            AttentionPostNorm = a.PostNorms ? Norm(weights, at + "post_attention_norm.weight", a.Width) : null,
            FeedForwardNorm = Norm(weights, at + "ffn_norm.weight", a.Width),
            FeedForwardPostNorm = a.PostNorms ? Norm(weights, at + "post_ffw_norm.weight", a.Width) : null,
            Query = parts[0],
            Key = parts[1],
            Value = parts[2],
            Output = parts[3],
            Gate = parts[4],
            Up = parts[5],
            Down = parts[6],
        };
    }

    private static NativeBlock Norm(GgufWeights weights, string name, int length, HeadOrder? order = null)
    {
        float[] values = weights.Load(name);
        return values.Length == length ? NativeBlock.Of((order ?? HeadOrder.AsStored).Apply(values))
            : throw EdgeBenchException.BadInput($"tensor '{name}' has {values.Length} elements", $"{length}, by the model's dimensions", "Fetch or convert the file again.");
    }
}
