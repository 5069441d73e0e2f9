using EdgeBench.Core.Problems;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Writing;

namespace EdgeBench.Models.Onnx.Export;

/// <summary>Attention of a decoder's layers: projections, rotary embedding and cache, around GroupQueryAttention.</summary>
internal sealed class DecoderAttention
{
    private readonly ModelArchitecture _model;
    private readonly OnnxGraph _graph;
    private readonly WeightGraph _weights;
    private readonly (string Cosines, string Sines) _everywhere, _sliding;
    private readonly bool _fusedRotary;

    public DecoderAttention(GgufFile file, ModelArchitecture model, OnnxExportOptions options, OnnxGraph graph, WeightGraph weights)
    {
        (_model, _graph, _weights) = (model, graph, weights);
        if (model.HeadDim % 8 != 0)
            throw EdgeBenchException.BadInput($"heads of {model.HeadDim} elements", "a multiple of 8, which ONNX Runtime's GroupQueryAttention takes", "Run this model on llamacpp.", file.Path);
        RotaryTables tables = RotaryTables.Of(file, model, options, weights, sliding: false);
        Context = tables.Context;
        _everywhere = Tables("rotary", tables);
        _sliding = model.SlidingRopeBase is null ? _everywhere : Tables("rotary_sliding", RotaryTables.Of(file, model, options, weights, sliding: true));
        _fusedRotary = model.HeadDim % 16 == 0 && tables.Pairs % 8 == 0;
        if (!_fusedRotary) FirstPosition();
    }

    public int Context { get; }

    /// <summary>Attention's result before its output projection, <c>[1, n, heads · head]</c>.</summary>
    public string Build(int layer, string input)
    {
        string block = $"blk.{layer}.";
        bool slides = _model.Slides(layer);
        (string cosines, string sines) = slides ? _sliding : _everywhere;
        (string query, string key, string value) = Projections(block, input);
        if (!_fusedRotary) (query, key) = (Rotate($"{block}q_rotated", query, cosines, sines, _model.Heads), Rotate($"{block}k_rotated", key, cosines, sines, _model.KvHeads));

        List<OnnxAttribute> attributes =
        [
            OnnxAttribute.Of("num_heads", (long)_model.Heads), OnnxAttribute.Of("kv_num_heads", (long)_model.KvHeads), OnnxAttribute.Of("scale", (float)_model.AttentionScale),
            OnnxAttribute.Of("do_rotary", _fusedRotary ? 1L : 0), OnnxAttribute.Of("rotary_interleaved", _model.Rope == RopeLayout.Interleaved ? 1L : 0),
        ];
        if (_model.AttentionSoftcap is { } cap) attributes.Add(OnnxAttribute.Of("softcap", (float)cap));
        if (slides) attributes.Add(OnnxAttribute.Of("local_window_size", (long)_model.SlidingWindow!.Value));
        string[] inputs =
        [
            query, key, value, Cache(DecoderNames.Past(layer, "key")), Cache(DecoderNames.Past(layer, "value")), DecoderNames.LastPosition, DecoderNames.TotalLength,
            .. _fusedRotary ? [cosines, sines] : Array.Empty<string>(),
        ];
        return _graph.Node("GroupQueryAttention", $"{block}attention", inputs,
            [$"{block}attention", DecoderNames.Present(layer, "key"), DecoderNames.Present(layer, "value")], OnnxGraph.Contrib, [.. attributes])[0];
    }

    /// <summary>Declares the cache as outputs, after the logits.</summary>
    public void Outputs()
    {
        for (int layer = 0; layer < _model.Layers; layer++)
        {
            _graph.Output(DecoderNames.Present(layer, "key"), OnnxDataType.Float, 1, _model.KvHeads, "cache", _model.HeadDim);
            _graph.Output(DecoderNames.Present(layer, "value"), OnnxDataType.Float, 1, _model.KvHeads, "cache", _model.HeadDim);
        }
    }

    private string Cache(string name) => _graph.Input(name, OnnxDataType.Float, 1, _model.KvHeads, "cache", _model.HeadDim);

    // One matrix where the weights' types allow; key and value are then empty names.
    private (string Query, string Key, string Value) Projections(string block, string input)
    {
        string[] names = [$"{block}attn_q.weight", $"{block}attn_k.weight", $"{block}attn_v.weight"];
        bool whole = _fusedRotary && !_model.QueryKeyNorm;
        if (_model.FusedProjections || (whole && _weights.CanJoin(names)))
        {
            string packed = _model.FusedProjections ? _weights.Linear($"{block}attn_qkv", input, $"{block}attn_qkv.weight") : _weights.Linear($"{block}attn_qkv", input, names);
            if (whole) return (packed, "", "");
            long query = (long)_model.Heads * _model.HeadDim, key = (long)_model.KvHeads * _model.HeadDim;
            string sizes = _graph.Initializer(OnnxTensor.Of("qkv_sizes", [3], [query, key, key]));
            IReadOnlyList<string> parts = _graph.Node("Split", $"{block}qkv_split", [packed, sizes], [$"{block}q", $"{block}k", $"{block}v"], "", OnnxAttribute.Of("axis", -1L));
            return (Normed($"{block}attn_q_norm", parts[0], _model.Heads), Normed($"{block}attn_k_norm", parts[1], _model.KvHeads), parts[2]);
        }
        return (Normed($"{block}attn_q_norm", _weights.Linear($"{block}attn_q", input, names[0]), _model.Heads),
            Normed($"{block}attn_k_norm", _weights.Linear($"{block}attn_k", input, names[1]), _model.KvHeads), _weights.Linear($"{block}attn_v", input, names[2]));
    }

    private string Normed(string name, string value, int heads)
    {
        if (!_model.QueryKeyNorm) return value;
        string apart = Reshape($"{name}/heads", value, 0, 0, heads, _model.HeadDim);
        string normed = _graph.Node("SimplifiedLayerNormalization", name, [apart, _weights.Vector($"{name}.weight")], "", OnnxAttribute.Of("epsilon", (float)_model.NormEpsilon));
        return Reshape($"{name}/joined", normed, 0, 0, (long)heads * _model.HeadDim);
    }

    // Heads that the fused form does not take (not a multiple of 16).
    private string Rotate(string name, string value, string cosines, string sines, int heads) =>
        _graph.Node("RotaryEmbedding", name, [value, "first_position", cosines, sines], OnnxGraph.Contrib,
            OnnxAttribute.Of("interleaved", _model.Rope == RopeLayout.Interleaved ? 1L : 0), OnnxAttribute.Of("num_heads", (long)heads),
            OnnxAttribute.Of("rotary_embedding_dim", _model.RopeDimensions == _model.HeadDim ? 0L : _model.RopeDimensions));

    private void FirstPosition()
    {
        string count = _graph.Node("Shape", "token_count", [DecoderNames.Tokens], "", OnnxAttribute.Of("start", 1L), OnnxAttribute.Of("end", 2L));
        string total = _graph.Node("Cast", "total_length", [DecoderNames.TotalLength], "", OnnxAttribute.Of("to", (long)OnnxDataType.Int64));
        _graph.Node("Sub", "first_position", [total, count]);
    }

    private string Reshape(string name, string input, params long[] shape) =>
        _graph.Node("Reshape", name, [input, _graph.Initializer(OnnxTensor.Of($"shape_{string.Join('_', shape)}", [shape.Length], shape))]);

    private (string Cosines, string Sines) Tables(string name, RotaryTables tables) =>
        (_graph.Initializer(OnnxTensor.Of($"{name}_cosines", [tables.Context, tables.Pairs], tables.Cosines())),
            _graph.Initializer(OnnxTensor.Of($"{name}_sines", [tables.Context, tables.Pairs], tables.Sines())));
}
