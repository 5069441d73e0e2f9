using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Operations;
using EdgeBench.Kernels.Dense;

namespace EdgeBench.Engine.Training.Models;

/// <summary>
/// A Llama-shaped decoder by Hugging Face's names: RMS norms, rotary embedding by halves, grouped key/value heads, SwiGLU, head tied or not; biases of q, k, v and
/// norms of their heads where the shape says so. Its loss is the mean cross-entropy of the next token.
/// </summary>
public sealed class TrainableDecoder : ITrainable, IDisposable
{
    private const string Embedding = "model.embed_tokens", Head = "lm_head", FinalNorm = "model.norm";

    private readonly ParameterSet _parameters;

    /// <param name="tensors">A tensor's float32 values by its Hugging Face name, or null where there is none.</param>
    public TrainableDecoder(DecoderShape shape, Func<string, float[]?> tensors, TrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(tensors);
        Shape = shape;
        _parameters = new(tensors, options ?? new());
        int q = shape.Heads * shape.HeadDim, kv = shape.KvHeads * shape.HeadDim;
        // Where the shape asks for none, there may still be some that training added.
        bool? qkvBias = shape.QkvBias ? true : null;
        _parameters.Load($"{Embedding}.weight", shape.Vocabulary, shape.Width);
        _parameters.LoadScales($"{Embedding}.weight");
        if (_parameters.Options.Prompt is { } prompt) _parameters.LoadPrompt(prompt, _parameters[$"{Embedding}.weight"]);
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            _parameters.Load($"{prefix}input_layernorm.weight", shape.Width);
            _parameters.LoadLinear($"{prefix}self_attn.q_proj", q, shape.Width, qkvBias);
            _parameters.LoadLinear($"{prefix}self_attn.k_proj", kv, shape.Width, qkvBias);
            _parameters.LoadLinear($"{prefix}self_attn.v_proj", kv, shape.Width, qkvBias);
            if (shape.QueryKeyNorm)
            {
                _parameters.Load($"{prefix}self_attn.q_norm.weight", shape.HeadDim);
                _parameters.Load($"{prefix}self_attn.k_norm.weight", shape.HeadDim);
            }
            _parameters.LoadLinear($"{prefix}self_attn.o_proj", shape.Width, q, bias: null);
            if (_parameters.Options.Adapters is { Attention: true }) _parameters.LoadAdapter($"{prefix}self_attn.adapter", shape.Width);
            _parameters.Load($"{prefix}post_attention_layernorm.weight", shape.Width);
            _parameters.LoadLinear($"{prefix}mlp.gate_proj", shape.Ffn, shape.Width, bias: null);
            _parameters.LoadLinear($"{prefix}mlp.up_proj", shape.Ffn, shape.Width, bias: null);
            _parameters.LoadLinear($"{prefix}mlp.down_proj", shape.Width, shape.Ffn, bias: null);
            if (_parameters.Options.Adapters is { FeedForward: true }) _parameters.LoadAdapter($"{prefix}mlp.adapter", shape.Width);
        }
        _parameters.Load($"{FinalNorm}.weight", shape.Width);
        if (!shape.Tied)
        {
            _parameters.Load($"{Head}.weight", shape.Vocabulary, shape.Width);
            _parameters.LoadScales($"{Head}.weight");
        }
        _parameters.CheckTargets();
        if (_parameters.Options.Prefix is { } before) _parameters.LoadPrefix(before, this);
    }

    public DecoderShape Shape { get; }

    public IReadOnlyList<Parameter> Parameters => _parameters.All;

    public int Classes => Shape.Vocabulary;

    /// <summary>A weight in its grid's terms, as the forward pass uses it; null where it has none.</summary>
    public GridWeights? OnGrid(string weight) => _parameters.OnGrid(weight);

    /// <inheritdoc/>
    public Graph Build(int sequences, int length)
    {
        Graph graph = new();
        Forward(graph, sequences, length).AddLoss(graph);
        return graph;
    }

    /// <inheritdoc/>
    public OutputHead Forward(Graph graph, int sequences, int length)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Parameter? prompt = _parameters.Find(VirtualTokens.Prompt);
        (int text, int before) = (length, prompt?.Rows ?? 0);
        length += before;
        int first = _parameters.Find("model.layers.0.self_attn.prefix_k")?.Rows ?? 0;
        RotaryAngles angles = new(new Rotary(interleaved: false, Shape.HeadDim, Shape.RopeBase), first + length);
        Tensor table = _parameters.Weight(graph, $"{Embedding}.weight");
        Tensor x = graph.Add(new EmbeddingOperation(Embedding, sequences * text, (EmbeddingIndex.Token, table)));
        if (prompt is not null) x = graph.Add(new PrependOperation($"{Embedding}.prompt", x, prompt, sequences));
        for (int layer = 0; layer < Shape.Layers; layer++)
        {
            graph.BeginSegment();
            x = Layer(graph, $"model.layers.{layer}", x, sequences, length, angles, first);
            graph.EndSegment();
        }
        // Virtual tokens have no targets.
        if (before > 0) x = graph.Add(new RowsOperation($"{FinalNorm}.text", x, sequences, before, text));
        return new(Norm(graph, FinalNorm, x), Shape.Tied ? table : _parameters.Weight(graph, $"{Head}.weight"));
    }

    /// <inheritdoc/>
    public void Check(Batch batch) => BatchCheck.Decoder(batch, Shape.Vocabulary);

    public void Dispose() => _parameters.Dispose();

    private Tensor Layer(Graph graph, string name, Tensor x, int sequences, int length, RotaryAngles angles, int first)
    {
        Tensor h = Norm(graph, $"{name}.input_layernorm", x);
        Tensor q = _parameters.Linear(graph, $"{name}.self_attn.q_proj", h);
        Tensor k = _parameters.Linear(graph, $"{name}.self_attn.k_proj", h);
        Tensor v = _parameters.Linear(graph, $"{name}.self_attn.v_proj", h);
        if (Shape.QueryKeyNorm) (q, k) = (Norm(graph, $"{name}.self_attn.q_norm", q), Norm(graph, $"{name}.self_attn.k_norm", k));
        q = graph.Add(new RotaryOperation($"{name}.self_attn.q_rotary", q, Shape.HeadDim, length, angles, first));
        k = graph.Add(new RotaryOperation($"{name}.self_attn.k_rotary", k, Shape.HeadDim, length, angles, first));
        if (_parameters.Find($"{name}.self_attn.prefix_k") is { } prefix)
        {
            k = graph.Add(new PrependOperation($"{name}.self_attn.k_prefixed", k, prefix, sequences));
            v = graph.Add(new PrependOperation($"{name}.self_attn.v_prefixed", v, _parameters[$"{name}.self_attn.prefix_v"], sequences));
        }
        Tensor attended = graph.Add(new AttentionOperation($"{name}.self_attn", q, k, v, new(Shape.Heads, Shape.KvHeads, Shape.HeadDim, Causal: true), sequences));
        x = _parameters.Residual(graph, $"{name}.self_attn.o_proj", $"{name}.self_attn.adapter", attended, x);
        h = Norm(graph, $"{name}.post_attention_layernorm", x);
        Tensor gate = _parameters.Linear(graph, $"{name}.mlp.gate_proj", h), up = _parameters.Linear(graph, $"{name}.mlp.up_proj", h);
        return _parameters.Residual(graph, $"{name}.mlp.down_proj", $"{name}.mlp.adapter", graph.Add(new SwiGluOperation($"{name}.mlp", gate, up)), x);
    }

    private Tensor Norm(Graph graph, string name, Tensor x) => graph.Add(new RmsNormOperation(name, x, _parameters[$"{name}.weight"], Shape.NormEpsilon));
}
