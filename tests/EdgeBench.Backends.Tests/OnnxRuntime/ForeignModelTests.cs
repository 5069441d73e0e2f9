using EdgeBench.Backends.OnnxRuntime;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Onnx;
using EdgeBench.Models.Onnx.Export;
using EdgeBench.Models.Onnx.Writing;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.OnnxRuntime;

/// <summary>
/// Decoders with the inputs that others' exporters give them. Each attends to all earlier tokens alike (all keys are zero), so that its logits are the mean of
/// their embeddings: known without a runtime.
/// </summary>
public sealed class ForeignModelTests : IDisposable
{
    private const int Head = 16;

    private static readonly int[] s_tokens = [3, 15, 7, 7, 12, 5, 0];

    private readonly TemporaryFolder _folder = new();
    private readonly float[] _table = new float[TinyDecoder.Vocabulary * Head];

    public ForeignModelTests()
    {
        Random random = new(11);
        for (int i = 0; i < _table.Length; i++) _table[i] = random.NextSingle();
        OnnxFixture.Export(TinyDecoder.Write(_folder.File("tiny.gguf"), "llama"), _folder.File("model"));
        File.Delete(Path.Combine(_folder.File("model"), OnnxExporter.ModelFile));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, "float32, one buffer as past and present")]
    [InlineData(false, "float32, returned longer by each call")]
    public void A_foreign_decoder_reads_its_cache_however_a_text_is_cut(bool shared, string cache)
    {
        Write(shared);
        using IBackendSession session = OnnxFixture.Open(_folder.File("model"), new() { Batch = 3 }, context: 16);
        Assert.Equal(cache, session.Facts.Details["kv_cache"]);
        Assert.Equal(16L * Head * 2 * 4, session.Facts.KvBytes);
        List<float[]> rows = [];
        session.Evaluate(s_tokens, 0, (_, logits) => rows.Add(logits.ToArray()));
        for (int i = 0; i < rows.Count; i++) Near(Expected(i + 1), rows[i]);
        session.Reset();
        session.Prefill(s_tokens.AsSpan(0, 2));
        for (int i = 2; i < s_tokens.Length; i++) session.Decode(s_tokens[i]);
        Near(Expected(s_tokens.Length), session.Logits);
    }

    [Fact]
    public void Names_of_inputs_and_outputs_can_be_declared()
    {
        Write(shared: false, prefix: "my_");
        OnnxNames names = new()
        {
            Tokens = "my_input_ids",
            Mask = "my_attention_mask",
            Positions = "my_position_ids",
            Logits = "my_logits",
            PastKey = "my_past_key_values.%d.key",
            PastValue = "my_past_key_values.%d.value",
            PresentKey = "my_present.%d.key",
            PresentValue = "my_present.%d.value",
        };
        TrialException exception = Assert.Throws<TrialException>(() => OnnxFixture.Open(_folder.File("model"), context: 16).Dispose());
        Assert.Contains("no output 'logits'", exception.Message);
        Assert.Contains("Inputs: my_input_ids: int64[1, ?]; my_attention_mask: int64[1, ?]", exception.Message);
        using IBackendSession session = OnnxFixture.Open(_folder.File("model"), new() { Names = names }, context: 16);
        session.Prefill(s_tokens);
        Near(Expected(s_tokens.Length), session.Logits);
    }

    [Fact]
    public void An_input_that_nothing_is_known_for_is_named()
    {
        Write(shared: false, extra: "pixel_values");
        TrialException exception = Assert.Throws<TrialException>(() => OnnxFixture.Open(_folder.File("model"), context: 16).Dispose());
        Assert.Equal(FailureKind.Unsupported, exception.Failure.Kind);
        Assert.Contains("nothing to give to pixel_values", exception.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cache_that_each_call_returns_longer_cannot_go_back(bool shared)
    {
        Write(shared);
        using IBackendSession session = OnnxFixture.Open(_folder.File("model"), context: 16);
        session.Prefill([1, 2, 3]);
        Assert.Equal(shared, session.Rewind(2));
        session.Prefill([4]);
        Assert.True(session.Rewind(shared ? 3 : 4));
    }

    [Fact]
    public void A_model_without_a_cache_is_refused()
    {
        OnnxGraph graph = new();
        graph.Input("input_ids", OnnxDataType.Int64, 1, "tokens");
        graph.Node("Gather", "logits", [graph.Initializer(OnnxTensor.Of("table", [TinyDecoder.Vocabulary, Head], _table)), "input_ids"]);
        graph.Output("logits", OnnxDataType.Float, 1, "tokens", Head);
        Save(graph);
        Assert.Contains("no cache of keys and values", Assert.Throws<TrialException>(() => OnnxFixture.Open(_folder.File("model"), context: 16).Dispose()).Message);
    }

    [Fact]
    public void A_tokenizer_can_be_declared()
    {
        Write(shared: true);
        File.Move(Path.Combine(_folder.File("model"), OnnxExporter.TokenizerFile), _folder.File("words.gguf"));
        Assert.Contains("no tokenizer", Assert.Throws<TrialException>(() => OnnxFixture.Open(_folder.File("model"), context: 16).Dispose()).Message);
        using IBackendSession session = OnnxFixture.Open(_folder.File("model"), new() { Tokenizer = "../words.gguf" }, context: 16);
        Assert.Equal(1, session.Tokenize("a b", special: true)[0]);
    }

    private void Write(bool shared, string prefix = "", string? extra = null)
    {
        OnnxGraph graph = new();
        string ids = graph.Input($"{prefix}input_ids", OnnxDataType.Int64, 1, "tokens"), mask = graph.Input($"{prefix}attention_mask", OnnxDataType.Int64, 1, "total");
        string positions = graph.Input($"{prefix}position_ids", OnnxDataType.Int64, 1, "tokens");
        string past = graph.Input($"{prefix}past_key_values.0.key", OnnxDataType.Float, 1, 1, "past", Head), pastValue = graph.Input($"{prefix}past_key_values.0.value", OnnxDataType.Float, 1, 1, "past", Head);
        if (extra is not null) graph.Input(extra, OnnxDataType.Float, 1);
        // The table's rows become values; keys are the same times zero. Positions are read, and change nothing.
        string value = graph.Node("Gather", "value", [graph.Initializer(OnnxTensor.Of("table", [TinyDecoder.Vocabulary, Head], _table)), ids]);
        string zero = graph.Node("Mul", "no_position", [graph.Node("Cast", "position", [positions], "", OnnxAttribute.Of("to", 1L)), graph.Initializer(OnnxTensor.Of("zero", [], [0f]))]);
        string key = graph.Node("Mul", "key", [value, graph.Node("Unsqueeze", "column", [zero, Axis(graph, "last", -1)])]);
        if (shared) Attend(graph, key, value, past, pastValue, mask, prefix);
        else Concatenate(graph, key, value, past, pastValue, mask, prefix);
        graph.Output($"{prefix}logits", OnnxDataType.Float, 1, "tokens", Head);
        foreach (string which in (string[])["key", "value"]) graph.Output($"{prefix}present.0.{which}", OnnxDataType.Float, 1, 1, "total", Head);
        Save(graph);
    }

    // As onnxruntime-genai: the length comes from the mask.
    private static void Attend(OnnxGraph graph, string key, string value, string past, string pastValue, string mask, string prefix)
    {
        OnnxAttribute toInt32 = OnnxAttribute.Of("to", (long)OnnxDataType.Int32);
        string count = graph.Node("ReduceSum", "count", [mask, Axis(graph, "tokens_axis", 1)], "", OnnxAttribute.Of("keepdims", 0L));
        string last = graph.Node("Cast", "seqlens", [graph.Node("Sub", "less_one", [count, Axis(graph, "one", 1)])], "", toInt32);
        string total = graph.Node("Cast", "total", [graph.Node("Shape", "length", [mask], "", OnnxAttribute.Of("start", 1L), OnnxAttribute.Of("end", 2L))], "", toInt32);
        graph.Node("GroupQueryAttention", "attention", [key, key, value, past, pastValue, last, total],
            [$"{prefix}logits", $"{prefix}present.0.key", $"{prefix}present.0.value"], OnnxGraph.Contrib, OnnxAttribute.Of("num_heads", 1L), OnnxAttribute.Of("kv_num_heads", 1L));
    }

    // As Optimum: the cache grows, and the running mean is taken by a lower triangle of the mask's width.
    private static void Concatenate(OnnxGraph graph, string key, string value, string past, string pastValue, string mask, string prefix)
    {
        string heads = Axis(graph, "heads_axis", 1);
        graph.Node("Concat", $"{prefix}present.0.key", [past, graph.Node("Unsqueeze", "key_heads", [key, heads])], "", OnnxAttribute.Of("axis", 2L));
        graph.Node("Concat", $"{prefix}present.0.value", [pastValue, graph.Node("Unsqueeze", "value_heads", [value, heads])], "", OnnxAttribute.Of("axis", 2L));
        string all = graph.Node("Squeeze", "all", [$"{prefix}present.0.value", heads]);
        string sums = graph.Node("CumSum", "sums", [all, graph.Initializer(OnnxTensor.Of("axis_one", [], [1L]))]);
        string ones = graph.Node("Cast", "ones", [mask], "", OnnxAttribute.Of("to", 1L));
        string counts = graph.Node("Unsqueeze", "counts_column", [graph.Node("CumSum", "counts", [ones, "axis_one"]), Axis(graph, "last", -1)]);
        string means = graph.Node("Div", "means", [sums, counts]);
        string start = graph.Node("Shape", "past_length", [pastValue], "", OnnxAttribute.Of("start", 2L), OnnxAttribute.Of("end", 3L));
        string end = graph.Node("Shape", "total_length", [mask], "", OnnxAttribute.Of("start", 1L), OnnxAttribute.Of("end", 2L));
        graph.Node("Slice", $"{prefix}logits", [means, start, end, heads]);
    }

    private void Save(OnnxGraph graph) =>
        OnnxFile.Write(new OnnxModel(graph, new Dictionary<string, string>()), Path.Combine(_folder.File("model"), OnnxExporter.ModelFile), external: false, CancellationToken.None);

    private float[] Expected(int count) =>
        [.. Enumerable.Range(0, Head).Select(i => s_tokens.Take(count).Average(token => _table[(token * Head) + i]))];

    private static string Axis(OnnxGraph graph, string name, long value) => graph.Initializer(OnnxTensor.Of(name, [1], [value]));

    private static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5f);
    }
}
