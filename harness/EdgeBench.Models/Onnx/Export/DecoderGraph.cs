using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Writing;

namespace EdgeBench.Models.Onnx.Export;

/// <summary>
/// A causal decoder with ONNX Runtime's GroupQueryAttention over a cache of fixed length (docs/ContribOperators.md). Behind the last layer's attention only
/// the rows whose logits are asked for go on. Structure of each architecture: llama.cpp, <c>src/models</c>.
/// </summary>
internal sealed class DecoderGraph
{
    private readonly ModelArchitecture _model;
    private readonly OnnxGraph _graph;
    private readonly WeightGraph _weights;
    private readonly DecoderAttention _attention;

    public DecoderGraph(GgufFile file, ModelArchitecture model, OnnxExportOptions options, OnnxGraph graph, WeightGraph weights)
    {
        (_model, _graph, _weights) = (model, graph, weights);
        graph.Input(DecoderNames.Tokens, OnnxDataType.Int64, 1, "tokens");
        graph.Input(DecoderNames.LogitRows, OnnxDataType.Int64, "rows");
        graph.Input(DecoderNames.LastPosition, OnnxDataType.Int32, 1);
        graph.Input(DecoderNames.TotalLength, OnnxDataType.Int32, 1);
        _attention = new(file, model, options, graph, weights);
    }

    /// <summary>Positions that the rotary tables hold.</summary>
    public int Context => _attention.Context;

    public void Build()
    {
        string residual = Embedded();
        string? pending = null;
        for (int layer = 0; layer < _model.Layers; layer++)
        {
            string block = $"blk.{layer}.";
            (string normed, residual) = AddNorm($"{block}attn_norm", residual, pending);
            string attended = _attention.Build(layer, normed);
            if (layer == _model.Layers - 1) (attended, residual) = (Wanted($"{block}attn_rows", attended), Wanted($"{block}residual_rows", residual));
            string projected = Post($"{block}post_attention_norm", _weights.Linear($"{block}attn_output", attended, $"{block}attn_output.weight"));
            (normed, residual) = AddNorm($"{block}ffn_norm", residual, projected);
            pending = Post($"{block}post_ffw_norm", FeedForward(block, normed));
        }
        (string last, _) = AddNorm("output_norm", residual, pending);
        string head = _model.TiedEmbeddings ? "token_embd.weight" : "output.weight";
        string logits = _weights.Linear(_model.LogitSoftcap is null ? DecoderNames.Logits : "head", last, head);
        if (_model.LogitSoftcap is { } cap) SoftCap(logits, (float)cap);
        _graph.Output(DecoderNames.Logits, OnnxDataType.Float, 1, "rows", _model.Vocabulary);
        _attention.Outputs();
    }

    private string Embedded()
    {
        string rows = _weights.Embedding("embedding", DecoderNames.Tokens, "token_embd.weight");
        return _model.EmbeddingScale == 1 ? rows : _graph.Node("Mul", "embedding/scaled", [rows, Scalar("embedding_scale", (float)_model.EmbeddingScale)]);
    }

    /// <summary>(norm(residual + pending), residual + pending).</summary>
    private (string Normed, string Sum) AddNorm(string name, string residual, string? pending)
    {
        string gamma = _weights.Vector($"{name}.weight");
        OnnxAttribute epsilon = OnnxAttribute.Of("epsilon", (float)_model.NormEpsilon);
        if (pending is null) return (_graph.Node("SimplifiedLayerNormalization", name, [residual, gamma], "", epsilon), residual);
        IReadOnlyList<string> outputs = _graph.Node("SkipSimplifiedLayerNormalization", name, [residual, pending, gamma],
            [name, "", "", $"{name}/sum"], OnnxGraph.Contrib, epsilon);
        return (outputs[0], outputs[3]);
    }

    private string Post(string name, string value) => !_model.PostNorms
        ? value
        : _graph.Node("SimplifiedLayerNormalization", name, [value, _weights.Vector($"{name}.weight")], "", OnnxAttribute.Of("epsilon", (float)_model.NormEpsilon));

    private string Wanted(string name, string rows) => _graph.Node("Gather", name, [rows, DecoderNames.LogitRows], "", OnnxAttribute.Of("axis", 1L));

    private string FeedForward(string block, string input)
    {
        (string gate, string up) = GateAndUp(block, input);
        string activated = _model.FeedForward == FeedForwardKind.GeGlu
            ? _graph.Node("FastGelu", $"{block}ffn_gelu", [gate], OnnxGraph.Contrib)
            : _graph.Node("QuickGelu", $"{block}ffn_silu", [gate], OnnxGraph.Contrib, OnnxAttribute.Of("alpha", 1f));
        return _weights.Linear($"{block}ffn_down", _graph.Node("Mul", $"{block}ffn_gated", [activated, up]), $"{block}ffn_down.weight");
    }

    // Phi-3 keeps both in ffn_up, the gate first.
    private (string Gate, string Up) GateAndUp(string block, string input)
    {
        if (_weights.Has($"{block}ffn_gate.weight"))
        {
            return (_weights.Linear($"{block}ffn_gate", input, $"{block}ffn_gate.weight"), _weights.Linear($"{block}ffn_up", input, $"{block}ffn_up.weight"));
        }
        string both = _weights.Linear($"{block}ffn_up", input, $"{block}ffn_up.weight");
        IReadOnlyList<string> halves = _graph.Node("Split", $"{block}ffn_split", [both], [$"{block}ffn_gate", $"{block}ffn_upper"], "",
            OnnxAttribute.Of("axis", -1L), OnnxAttribute.Of("num_outputs", 2L));
        return (halves[0], halves[1]);
    }

    private void SoftCap(string logits, float cap)
    {
        string limit = Scalar("logit_softcap", cap);
        string squeezed = _graph.Node("Tanh", "head/tanh", [_graph.Node("Div", "head/ratio", [logits, limit])]);
        _graph.Node("Mul", DecoderNames.Logits, [squeezed, limit]);
    }

    private string Scalar(string name, float value) => _graph.Initializer(OnnxTensor.Of(name, [], [value]));
}
