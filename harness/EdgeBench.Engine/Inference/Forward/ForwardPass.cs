using System.Numerics.Tensors;
using EdgeBench.Engine.Inference.Adapters;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Kernels.Dense;
using EdgeBench.Kernels.Packed;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Inference.Forward;

/// <summary>What decoding and batches share: model, memory, the batch, and the steps that rows go through.</summary>
internal abstract unsafe class ForwardPass(PackedDecoder model, Workspace space, Batch batch, NonFiniteWatch watch, AdapterParts? adapters) : ICrewWork
{
    private readonly AdapterSet? _lora = adapters?.Lora;

    protected PackedDecoder Model => model;

    /// <summary>The adapter on what a layer's attention gives, or null.</summary>
    protected Bottleneck? AfterAttention(int layer) => adapters?.Attention(layer);

    /// <summary>The adapter on what a layer's feed-forward part gives, or null.</summary>
    protected Bottleneck? AfterFeedForward(int layer) => adapters?.FeedForward(layer);

    protected ModelArchitecture Architecture { get; } = model.Architecture;

    protected Workspace Space => space;

    protected TransformerKernels Kernels => space.Kernels;

    protected Batch Batch => batch;

    protected NonFiniteWatch Watch => watch;

    protected float Epsilon { get; } = (float)model.Architecture.NormEpsilon;

    protected bool HasPostNorms => Architecture.PostNorms;

    /// <summary>Group heads: query heads that read one key/value head.</summary>
    protected int Group { get; } = model.Architecture.Heads / model.Architecture.KvHeads;

    /// <summary>Takes times of member 0 where it is set.</summary>
    public PhaseTimes? Times { get; set; }

    public abstract void Run(Crew crew, int member);

    protected void Begin(int member)
    {
        if (member == 0) Times?.Begin();
    }

    /// <summary>Waits for all members and ends a phase.</summary>
    protected void End(Phase phase, Crew crew, int member)
    {
        crew.Barrier();
        if (member == 0) Times?.End(phase);
    }

    /// <summary>Starts a row: its embedding and its angles.</summary>
    protected void Start(int row, int position)
    {
        int token = batch.Tokens[row];
        float* hidden = space.Hidden + ((nint)row * Architecture.Width);
        // Rows of a soft prompt are numbered down from -1.
        if (token < 0) model.Embed(adapters!.Prompt!.Row(~token), hidden);
        else model.Embed(token, hidden);
        int pairs = space.Pairs;
        if (pairs == 0) return;
        float* angles = space.Angles + ((nint)row * 4 * pairs);
        FullRotary.Angles(position, new(angles, pairs), new(angles + pairs, pairs));
        if (model.HasTwoRotaries) SlidingRotary.Angles(position, new(angles + (2 * pairs), pairs), new(angles + (3 * pairs), pairs));
    }

    /// <summary>Norms over heads where the model has them, and rotary embedding, in place.</summary>
    protected void Place(float* heads, int count, NativeBlock? norm, int layer, int row)
    {
        if (norm is not null)
        {
            for (int head = 0; head < count; head++) Kernels.RmsNorm(heads + (head * Architecture.HeadDim), norm.Floats, Architecture.HeadDim, Epsilon, heads + (head * Architecture.HeadDim));
        }
        float* angles = space.Angles + ((((nint)row * 4) + (model.HasTwoRotaries && Architecture.Slides(layer) ? 2 : 0)) * space.Pairs);
        Kernels.Rotate(heads, count, Architecture.HeadDim, space.Pairs, angles, angles + space.Pairs);
    }

    /// <summary>gate = activation(gate) · up.</summary>
    protected void Activate(float* gate, float* up, int count)
    {
        if (Architecture.FeedForward == FeedForwardKind.SwiGlu) Kernels.SwiGlu(gate, up, gate, count);
        else Kernels.GeGlu(gate, up, gate, count);
    }

    /// <summary>Prepares what adapters of these matrices add to a row: into its place in <paramref name="projected"/>.</summary>
    protected void Project(float* x, float* projected, params ReadOnlySpan<Linear> linears)
    {
        if (_lora is null) return;
        foreach (Linear linear in linears) _lora.Project(linear, x, projected);
    }

    /// <summary>A product with what adapters add, for groups [<paramref name="first"/>, <paramref name="end"/>).</summary>
    /// <param name="projected">Of the first row; <see cref="AdapterSet.Stride"/> floats for each.</param>
    protected void Multiply(Linear linear, PackedRows x, float* projected, int count, float* y, nint stride, int first, int end, bool accumulate = false)
    {
        linear.Multiply(x, count, y, stride, first, end, accumulate);
        _lora?.Add(linear, projected, count, y, stride, first, end);
    }

    /// <summary>The part of a product that falls on groups [<paramref name="first"/>, <paramref name="end"/>) of matrices that are counted through.</summary>
    protected int Part(Linear linear, PackedRows x, float* projected, int count, float* y, nint stride, int at, int first, int end)
    {
        int low = Math.Max(first - at, 0), high = Math.Min(end - at, linear.Groups);
        if (low < high) Multiply(linear, x, projected, count, y, stride, low, high);
        return at + linear.Groups;
    }

    /// <summary>Groups [first, end) of the head into rows of logits.</summary>
    protected void Head(PackedRows x, int count, int first, int end)
    {
        int vocabulary = Architecture.Vocabulary, start = first * PackedMatrix.GroupRows, length = Math.Min(end * PackedMatrix.GroupRows, vocabulary) - start;
        if (length <= 0) return;
        model.Head.Multiply(x, count, space.Logits, vocabulary, first, end);
        for (int row = 0; row < count; row++)
        {
            float* logits = space.Logits + ((nint)row * vocabulary) + start;
            if (Architecture.LogitSoftcap is { } cap and > 0) Kernels.Cap(logits, length, (float)cap);
            if (!float.IsFinite(TensorPrimitives.Sum(new ReadOnlySpan<float>(logits, length)))) watch.AtLogits(Architecture.Layers);
        }
    }

    private Rotary FullRotary { get; } = model.RotaryOf(FullLayer(model.Architecture));

    private Rotary SlidingRotary { get; } = model.RotaryOf(0);

    // Layer 0 slides where some do; the last of a pattern does not.
    private static int FullLayer(ModelArchitecture architecture) =>
        Enumerable.Range(0, architecture.Layers).FirstOrDefault(layer => !architecture.Slides(layer));
}
