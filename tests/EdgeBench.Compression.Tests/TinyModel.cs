using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources;

namespace EdgeBench.Compression.Tests;

/// <summary>A small Llama-shaped GGUF file: 2 layers, width 64, feed-forward 48 (which 32 does not divide), vocabulary 100.</summary>
internal static class TinyModel
{
    public const int Width = 64;
    public const int Ffn = 48;
    public const int Vocabulary = 100;

    /// <summary>Names with row length first.</summary>
    public static IReadOnlyList<(string Name, long[] Dimensions)> Tensors(int ffn = Ffn) =>
    [
        ("token_embd.weight", [Width, Vocabulary]),
        .. Enumerable.Range(0, 2).SelectMany(i => new (string, long[])[]
        {
            ($"blk.{i}.attn_norm.weight", [Width]),
            ($"blk.{i}.attn_q.weight", [Width, Width]),
            ($"blk.{i}.attn_q.bias", [Width]),
            ($"blk.{i}.ffn_up.weight", [Width, ffn]),
            ($"blk.{i}.ffn_down.weight", [ffn, Width]),
        }),
        ("output_norm.weight", [Width]),
        ("output.weight", [Width, Vocabulary]),
    ];

    /// <summary>Writes the model; <paramref name="change"/> may alter a tensor's values.</summary>
    public static string Write(string path, GgmlType type = GgmlType.F32, int ffn = Ffn, Action<string, float[]>? change = null)
    {
        Dictionary<string, GgufValue> metadata = new()
        {
            ["general.architecture"] = GgufValue.From("llama"),
            ["general.name"] = GgufValue.From("tiny"),
            ["general.file_type"] = GgufValue.From(0u),
            ["llama.block_count"] = GgufValue.From(2u),
            ["llama.embedding_length"] = GgufValue.From((uint)Width),
            ["llama.feed_forward_length"] = GgufValue.From((uint)ffn),
            ["llama.attention.head_count"] = GgufValue.From(4u),
            ["test.list"] = GgufValue.From(new GgufArray(GgufValueType.String, new[] { "a", "b" })),
        };
        GgufWriter.Write(path, metadata, [.. Tensors(ffn).Select((tensor, seed) => Source(tensor.Name, tensor.Dimensions, type, seed, change))]);
        return path;
    }

    public static Checkpoint Checkpoint(string path, bool randomWeights = false) =>
        new(path, "gguf", ContentHash.OfFile(path), new FileInfo(path).Length, randomWeights);

    public static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    public static RecipeSpec Recipe(params (string Pass, string Parameters)[] passes) =>
        new("test", [.. passes.Select(p => new PassSpec(p.Pass, Json(p.Parameters)))]);

    /// <summary>Applies a pass and opens what it wrote.</summary>
    public static GgufFile Apply(string pass, string parameters, string input, string output)
    {
        using GgufFile file = GgufFile.Open(input);
        PassRegistry.Find(pass).Apply(file, output, Json(parameters), new() { Cancellation = TestContext.Current.CancellationToken });
        return GgufFile.Open(output);
    }

    public static float[] Values(GgufFile file, string name)
    {
        GgufTensor tensor = file.Find(name)!;
        float[] values = new float[tensor.Elements];
        file.Dequantise(tensor, 0, values);
        return values;
    }

    private static GgufTensorSource Source(string name, long[] dimensions, GgmlType type, int seed, Action<string, float[]>? change)
    {
        bool matrix = dimensions.Length == 2 && dimensions[0] % type.Info().BlockSize == 0;
        GgmlType stored = matrix ? type : GgmlType.F32;
        Random random = new(seed);
        float[] values = [.. Enumerable.Range(0, (int)dimensions.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)((random.NextDouble() - 0.5) * 0.2))];
        change?.Invoke(name, values);
        byte[] bytes = new byte[stored.Bytes(values.Length)];
        if (stored == GgmlType.F32) MemoryMarshal.AsBytes<float>(values).CopyTo(bytes);
        else TensorCodec.Encode(stored, values, bytes);
        return new GgufTensorSource(name, stored, dimensions, output => output.Write(bytes));
    }
}
