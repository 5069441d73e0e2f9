using EdgeBench.Core.Problems;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Writing;

namespace EdgeBench.Models.Onnx.Export;

/// <summary>
/// A BERT encoder (J. Devlin et al., 2019): <c>input_ids</c>, <c>attention_mask</c> and <c>token_type_ids</c>, int64 [batch, n], to <c>last_hidden_state</c>
/// [batch, n, width], and to <c>sentence_embedding</c> [batch, width], not normalised, where the file says how it pools.
/// </summary>
internal sealed class EncoderGraph
{
    private const int MeanPooling = 1, FirstPooling = 2; // llama.cpp, enum llama_pooling_type

    private readonly GgufFile _file;
    private readonly ModelArchitecture _model;
    private readonly OnnxGraph _graph;
    private readonly WeightGraph _weights;

    public EncoderGraph(GgufFile file, ModelArchitecture model, OnnxGraph graph, WeightGraph weights) => (_file, _model, _graph, _weights) = (file, model, graph, weights);

    public void Build()
    {
        foreach (string name in (string[])["input_ids", "attention_mask", "token_type_ids"]) _graph.Input(name, OnnxDataType.Int64, "batch", "tokens");
        string mask = _graph.Node("Cast", "key_mask", ["attention_mask"], "", OnnxAttribute.Of("to", (long)OnnxDataType.Int32));
        string hidden = Embedded();
        for (int layer = 0; layer < _model.Layers; layer++)
        {
            string block = $"blk.{layer}.", last = layer == _model.Layers - 1 ? "last_hidden_state" : $"{block}output";
            string attended = _graph.Node("MultiHeadAttention", $"{block}attention",
                [Linear(block, "attn_q", hidden), Linear(block, "attn_k", hidden), Linear(block, "attn_v", hidden), "", mask],
                OnnxGraph.Contrib, OnnxAttribute.Of("num_heads", (long)_model.Heads), OnnxAttribute.Of("scale", (float)_model.AttentionScale));
            hidden = AddNorm($"{block}attn_output_norm", $"{block}attended", hidden, Linear(block, "attn_output", attended));
            string inner = _graph.Node("Gelu", $"{block}ffn_gelu", [Linear(block, "ffn_up", hidden)], OnnxGraph.Contrib);
            hidden = AddNorm($"{block}layer_output_norm", last, hidden, Linear(block, "ffn_down", inner));
        }
        _graph.Output("last_hidden_state", OnnxDataType.Float, "batch", "tokens", _model.Width);
        Pool(hidden);
    }

    private string Linear(string block, string name, string input) => _weights.Linear($"{block}{name}", input, $"{block}{name}.weight");

    private string Embedded()
    {
        string words = _weights.Embedding("words", "input_ids", "token_embd.weight");
        string types = _weights.Embedding("types", "token_type_ids", "token_types.weight");
        string length = _graph.Node("Shape", "token_count", ["input_ids"], "", OnnxAttribute.Of("start", 1L), OnnxAttribute.Of("end", 2L));
        string scalar = _graph.Node("Squeeze", "length", [length]);
        string positions = _graph.Node("Range", "positions", [Constant("zero", 0), scalar, Constant("one", 1)]);
        string places = _weights.Embedding("places", positions, "position_embd.weight");
        string sum = _graph.Node("Add", "embedding", [_graph.Node("Add", "words_and_types", [words, types]), places]);
        return _graph.Node("LayerNormalization", "token_embd_norm", [sum, _weights.Vector("token_embd_norm.weight"), _weights.Vector("token_embd_norm.bias")], "",
            OnnxAttribute.Of("axis", -1L), Epsilon);
    }

    private string AddNorm(string norm, string name, string residual, string value) => _graph.Node("SkipLayerNormalization", name,
        [value, residual, _weights.Vector($"{norm}.weight"), _weights.Vector($"{norm}.bias")], OnnxGraph.Contrib, Epsilon);

    private OnnxAttribute Epsilon => OnnxAttribute.Of("epsilon", (float)_model.NormEpsilon);

    private void Pool(string hidden)
    {
        long pooling = _file.Metadata.GetValueOrDefault($"{_file.Architecture}.pooling_type")?.AsInteger() ?? 0;
        switch (pooling)
        {
            case 0:
                return;
            case FirstPooling:
                _graph.Node("Gather", "sentence_embedding", [hidden, Constant("zero", 0)], "", OnnxAttribute.Of("axis", 1L));
                break;
            case MeanPooling:
                string mask = _graph.Node("Cast", "pool_mask", ["attention_mask"], "", OnnxAttribute.Of("to", (long)OnnxDataType.Float));
                string column = _graph.Node("Unsqueeze", "pool_column", [mask, Axis("pool_last", -1)]);
                string sum = _graph.Node("ReduceSum", "pool_sum", [_graph.Node("Mul", "pool_masked", [hidden, column]), Axis("pool_tokens", 1)], "", OnnxAttribute.Of("keepdims", 0L));
                string count = _graph.Node("ReduceSum", "pool_count", [column, Axis("pool_tokens", 1)], "", OnnxAttribute.Of("keepdims", 0L));
                _graph.Node("Div", "sentence_embedding", [sum, count]);
                break;
            default:
                throw EdgeBenchException.BadInput($"pooling_type {pooling}", "0 (none), 1 (mean) or 2 (first token)", "Run this model on llamacpp.", _file.Path);
        }
        _graph.Output("sentence_embedding", OnnxDataType.Float, "batch", _model.Width);
    }

    private string Constant(string name, long value) => _graph.Initializer(OnnxTensor.Of(name, [], [value]));

    private string Axis(string name, long value) => _graph.Initializer(OnnxTensor.Of(name, [1], [value]));
}
