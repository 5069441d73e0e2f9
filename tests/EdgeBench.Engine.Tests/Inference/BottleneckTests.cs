using EdgeBench.Core.Problems;
using EdgeBench.Engine.Inference.Adapters;
using EdgeBench.Engine.Tests.Families;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Inference;

/// <summary>Bottleneck adapters against a naive model in float64 that is written out here from the papers.</summary>
public sealed class BottleneckTests : IDisposable
{
    private static readonly int[] s_tokens = [.. Enumerable.Range(0, 30).Select(i => 3 + (i * 37 % 280))];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Logits_are_the_naive_models()
    {
        (string path, RunAdapter adapter) = Made("llama");
        double[] expected = new NaiveLlama(path, _folder.File("adapter.gguf")).Logits(s_tokens), plain = new NaiveLlama(path, null).Logits(s_tokens);
        using TestRun without = new(path, kv: KvFormat.F32), batch = new(path, kv: KvFormat.F32, adapters: [adapter]), single = new(path, threads: 3, kv: KvFormat.F32, adapters: [adapter]);
        Near.Absolute(Floats(plain), without.Batched(s_tokens), 1e-3);
        Near.Absolute(Floats(expected), batch.Batched(s_tokens), 1e-3);
        Near.Absolute(Floats(expected), single.Decoded(s_tokens), 1e-3);
        Assert.True(expected.Zip(plain, (a, b) => Math.Abs(a - b)).Max() > 1);
    }

    // Gemma 2 has norms behind attention and feed-forward part: the adapter stands before them. One layer has none.
    [Theory]
    [InlineData("gemma2")]
    [InlineData("qwen3")]
    public void Decoding_and_batches_agree_with_any_number_of_threads(string family)
    {
        (string path, RunAdapter adapter) = Made(family, tensor => !tensor.Name.StartsWith("model.layers.1.mlp", StringComparison.Ordinal));
        float[]? first = null;
        foreach (int threads in new[] { 1, 2, 4 })
        {
            using TestRun batch = new(path, threads, kv: KvFormat.F32, adapters: [adapter]), single = new(path, threads, kv: KvFormat.F32, adapters: [adapter]);
            float[] decoded = single.Decoded(s_tokens);
            Near.Absolute(decoded, batch.Batched(s_tokens), 1e-3);
            Assert.Equal(first ??= decoded, decoded);
        }
        using TestRun without = new(path, kv: KvFormat.F32);
        Assert.NotEqual(first, without.Decoded(s_tokens));
    }

    [Fact]
    public void A_token_allocates_nothing()
    {
        (string path, RunAdapter adapter) = Made("llama");
        using TestRun run = new(path, adapters: [adapter]);
        run.Run.Append(s_tokens);
        long least = long.MaxValue;
        for (int i = 0; i < 20; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            run.Run.Append(s_tokens.AsSpan(0, 1));
            run.Run.Append(s_tokens.AsSpan(0, 5));
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.Equal(0, least);
    }

    [Fact]
    public void An_adapter_of_another_width_is_refused()
    {
        (string path, _) = Made("llama");
        AdapterBase model = AdapterBase.Open(path);
        Adapter adapter = SampleAdapters.Of(AdapterKind.Bottleneck, model);
        GgufAdapter.Write(_folder.File("deep.gguf"), adapter, model);
        string shallow = FamilyFile.Write(_folder.Path, Family.All["llama"] with { Layers = 1, Metadata = new Dictionary<string, GgufValue>(Family.All["llama"].Metadata) { ["block_count"] = GgufValue.From(1u) } });
        Assert.Contains("'blk.1.attn_adapter'", Assert.Throws<EdgeBenchException>(() => new TestRun(shallow, adapters: [RunAdapter.Read(_folder.File("deep.gguf"))])).Message);
    }

    private (string Path, RunAdapter Adapter) Made(string family, Func<AdapterTensor, bool>? keeps = null)
    {
        string path = FamilyFile.Write(_folder.Path, Family.All[family]);
        AdapterBase model = AdapterBase.Open(path);
        Adapter adapter = SampleAdapters.Of(AdapterKind.Bottleneck, model, size: 7);
        GgufAdapter.Write(_folder.File("adapter.gguf"), adapter with { Tensors = [.. adapter.Tensors.Where(keeps ?? (_ => true))] }, model);
        return (path, RunAdapter.Read(_folder.File("adapter.gguf")));
    }

    private static float[] Floats(double[] values) => [.. values.Select(value => (float)value)];

    /// <summary>Llama with rows of q and k in pairs, scalar, in float64.</summary>
    private sealed class NaiveLlama(string path, string? adapter)
    {
        private const int Width = Family.Width, Head = 16;

        private readonly Dictionary<string, double[]> _tensors = new(adapter is null ? Load(path) : Load(path).Concat(Load(adapter)), StringComparer.Ordinal);

        public double[] Logits(int[] tokens)
        {
            double[][] rows = [.. tokens.Select(token => _tensors["token_embd.weight"][(token * Width)..((token + 1) * Width)])];
            for (int layer = 0; layer < 2; layer++)
            {
                string at = $"blk.{layer}.";
                Add(rows, Attention(at, [.. rows.Select(row => Norm(row, at + "attn_norm.weight"))]), at + "attn_adapter");
                Add(rows, [.. rows.Select(row => FeedForward(at, Norm(row, at + "ffn_norm.weight")))], at + "ffn_adapter");
            }
            return [.. rows.SelectMany(row => Times("token_embd.weight", Norm(row, "output_norm.weight")))];
        }

        private void Add(double[][] rows, double[][] parts, string site)
        {
            for (int row = 0; row < rows.Length; row++)
            {
                double[] s = parts[row];
                if (_tensors.ContainsKey(site + "_down.weight"))
                {
                    double[] inner = [.. Times(site + "_down.weight", s).Zip(_tensors[site + "_down.bias"], (a, b) => Silu(a + b))];
                    double[] outer = [.. Times(site + "_up.weight", inner).Zip(_tensors[site + "_up.bias"], (a, b) => a + b)];
                    s = [.. s.Zip(outer, (a, b) => a + b)];
                }
                rows[row] = [.. rows[row].Zip(s, (a, b) => a + b)];
            }
        }

        private double[][] Attention(string at, double[][] rows)
        {
            double[][] queries = [.. rows.Select((row, position) => Turned(Times(at + "attn_q.weight", row), position))], keys = [.. rows.Select((row, position) => Turned(Times(at + "attn_k.weight", row), position))],
                values = [.. rows.Select(row => Times(at + "attn_v.weight", row))];
            return [.. rows.Select((_, position) =>
            {
                double[] output = new double[Family.Heads * Head];
                for (int head = 0; head < Family.Heads; head++)
                {
                    int kv = head / (Family.Heads / Family.KvHeads);
                    double[] scores = [.. Enumerable.Range(0, position + 1).Select(other => Math.Exp(Enumerable.Range(0, Head).Sum(i => queries[position][(head * Head) + i] * keys[other][(kv * Head) + i]) / Math.Sqrt(Head)))];
                    for (int i = 0; i < Head; i++) output[(head * Head) + i] = scores.Select((score, other) => score * values[other][(kv * Head) + i]).Sum() / scores.Sum();
                }
                return Times(at + "attn_output.weight", output);
            })];
        }

        private double[] FeedForward(string at, double[] row) =>
            Times(at + "ffn_down.weight", [.. Times(at + "ffn_gate.weight", row).Zip(Times(at + "ffn_up.weight", row), (gate, up) => Silu(gate) * up)]);

        private static double[] Turned(double[] row, int position)
        {
            double[] turned = new double[row.Length];
            for (int i = 0; i < row.Length; i += 2)
            {
                double angle = position * Math.Pow(10_000, -(double)(i % Head) / Head), cos = Math.Cos(angle), sin = Math.Sin(angle);
                (turned[i], turned[i + 1]) = ((row[i] * cos) - (row[i + 1] * sin), (row[i] * sin) + (row[i + 1] * cos));
            }
            return turned;
        }

        private double[] Norm(double[] row, string gain)
        {
            double scale = 1 / Math.Sqrt(row.Average(x => x * x) + 1e-5);
            return [.. row.Zip(_tensors[gain], (x, g) => x * scale * g)];
        }

        private double[] Times(string matrix, double[] x) => [.. _tensors[matrix].Chunk(x.Length).Select(row => row.Zip(x, (w, value) => w * value).Sum())];

        private static double Silu(double x) => x / (1 + Math.Exp(-x));

        private static Dictionary<string, double[]> Load(string path)
        {
            using GgufFile file = GgufFile.Open(path);
            return file.Tensors.ToDictionary(tensor => tensor.Name, tensor =>
            {
                float[] values = new float[tensor.Elements];
                file.Dequantise(tensor, 0, values);
                return values.Select(value => (double)value).ToArray();
            });
        }
    }
}
