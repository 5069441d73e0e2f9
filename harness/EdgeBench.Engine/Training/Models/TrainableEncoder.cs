using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Operations;

namespace EdgeBench.Engine.Training.Models;

/// <summary>
/// A BERT classifier by Hugging Face's names (<c>BertForSequenceClassification</c>): layer norms after the residual sum, erf GELU, padding masked, tanh pooler of the
/// first token. Its loss is the mean cross-entropy of the labels. Source: J. Devlin et al., "BERT", 2019.
/// </summary>
public sealed class TrainableEncoder : ITrainable, IDisposable
{
    private const string Embeddings = "bert.embeddings";

    private readonly ParameterSet _parameters;

    /// <param name="tensors">A tensor's float32 values by its Hugging Face name, or null where there is none.</param>
    public TrainableEncoder(EncoderShape shape, Func<string, float[]?> tensors, TrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(tensors);
        Shape = shape;
        _parameters = new(tensors, options ?? new());
        if (_parameters.Options is { Prompt: not null } or { Prefix: not null })
            throw EdgeBenchException.BadInput("a prompt or prefix of an encoder", "methods for encoders: LoRA, adapters, biases", "Choose one of these; virtual tokens are for decoders.");
        foreach ((string table, int entries) in new[] { ("word", shape.Vocabulary), ("position", shape.Positions), ("token_type", shape.Types) })
            _parameters.Load($"{Embeddings}.{table}_embeddings.weight", entries, shape.Width);
        _parameters.LoadScales($"{Embeddings}.word_embeddings.weight");
        LoadNorm($"{Embeddings}.LayerNorm");
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            string prefix = $"bert.encoder.layer.{layer}.";
            foreach (string part in new[] { "query", "key", "value" }) _parameters.LoadLinear($"{prefix}attention.self.{part}", shape.Width, shape.Width, bias: true);
            _parameters.LoadLinear($"{prefix}attention.output.dense", shape.Width, shape.Width, bias: true);
            if (_parameters.Options.Adapters is { Attention: true }) _parameters.LoadAdapter($"{prefix}attention.output.adapter", shape.Width);
            LoadNorm($"{prefix}attention.output.LayerNorm");
            _parameters.LoadLinear($"{prefix}intermediate.dense", shape.Ffn, shape.Width, bias: true);
            _parameters.LoadLinear($"{prefix}output.dense", shape.Width, shape.Ffn, bias: true);
            if (_parameters.Options.Adapters is { FeedForward: true }) _parameters.LoadAdapter($"{prefix}output.adapter", shape.Width);
            LoadNorm($"{prefix}output.LayerNorm");
        }
        _parameters.LoadLinear("bert.pooler.dense", shape.Width, shape.Width, bias: true);
        _parameters.LoadLinear("classifier", shape.Classes, shape.Width, bias: true);
        _parameters.CheckTargets();
    }

    public EncoderShape Shape { get; }

    public IReadOnlyList<Parameter> Parameters => _parameters.All;

    public int Classes => Shape.Classes;

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
        Tensor x = graph.Add(new EmbeddingOperation(Embeddings, sequences * length, (EmbeddingIndex.Token, _parameters.Weight(graph, $"{Embeddings}.word_embeddings.weight")),
            (EmbeddingIndex.Position, _parameters[$"{Embeddings}.position_embeddings.weight"]), (EmbeddingIndex.Type, _parameters[$"{Embeddings}.token_type_embeddings.weight"])));
        x = Norm(graph, $"{Embeddings}.LayerNorm", x);
        for (int layer = 0; layer < Shape.Layers; layer++)
        {
            graph.BeginSegment();
            x = Layer(graph, $"bert.encoder.layer.{layer}", x, sequences);
            graph.EndSegment();
        }
        Tensor pooled = _parameters.Linear(graph, "bert.pooler.dense", graph.Add(new RowsOperation("bert.pooler.first", x, sequences, first: 0, count: 1)));
        pooled = graph.Add(new UnaryOperation("bert.pooler", UnaryKind.Tanh, pooled));
        return new(pooled, _parameters.Weight(graph, "classifier.weight"), _parameters["classifier.bias"]);
    }

    /// <inheritdoc/>
    public void Check(Batch batch) => BatchCheck.Classifier(batch, Shape.Vocabulary, Shape.Classes, Shape.Positions, Shape.Types);

    public void Dispose() => _parameters.Dispose();

    private Tensor Layer(Graph graph, string name, Tensor x, int sequences)
    {
        Tensor q = _parameters.Linear(graph, $"{name}.attention.self.query", x), k = _parameters.Linear(graph, $"{name}.attention.self.key", x);
        Tensor v = _parameters.Linear(graph, $"{name}.attention.self.value", x);
        Tensor attended = graph.Add(new AttentionOperation($"{name}.attention.self", q, k, v, new(Shape.Heads, Shape.Heads, Shape.Width / Shape.Heads, Causal: false), sequences));
        x = Norm(graph, $"{name}.attention.output.LayerNorm", _parameters.Residual(graph, $"{name}.attention.output.dense", $"{name}.attention.output.adapter", attended, x));
        Tensor h = graph.Add(new UnaryOperation($"{name}.intermediate", UnaryKind.Gelu, _parameters.Linear(graph, $"{name}.intermediate.dense", x)));
        return Norm(graph, $"{name}.output.LayerNorm", _parameters.Residual(graph, $"{name}.output.dense", $"{name}.output.adapter", h, x));
    }

    private Tensor Norm(Graph graph, string name, Tensor x) =>
        graph.Add(new LayerNormOperation(name, x, _parameters[$"{name}.weight"], _parameters[$"{name}.bias"], Shape.NormEpsilon));

    private void LoadNorm(string name)
    {
        _parameters.Load($"{name}.weight", Shape.Width);
        _parameters.Load($"{name}.bias", Shape.Width);
    }
}
