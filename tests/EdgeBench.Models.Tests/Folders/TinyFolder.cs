using System.Runtime.InteropServices;
using EdgeBench.Models.Safetensors;

namespace EdgeBench.Models.Tests.Folders;

/// <summary>Hugging Face folders of random weights: 2 layers, width 16, 4 heads, 2 KV heads of 8, FFN 24, 40 tokens.</summary>
internal static class TinyFolder
{
    public const string Common = "\"vocab_size\":40,\"hidden_size\":16,\"intermediate_size\":24,\"num_hidden_layers\":2,\"num_attention_heads\":4,\"num_key_value_heads\":2,\"head_dim\":8,\"max_position_embeddings\":64,\"rms_norm_eps\":1e-06,\"rope_theta\":10000.0";

    /// <summary>Shapes of a decoder's tensors by name; <paramref name="more"/> adds to each layer's.</summary>
    public static Dictionary<string, long[]> Decoder(params (string Name, long[] Shape)[] more)
    {
        Dictionary<string, long[]> shapes = new() { ["model.embed_tokens.weight"] = [40, 16], ["model.norm.weight"] = [16] };
        foreach (int layer in new[] { 0, 1 })
        {
            (string, long[])[] own =
            [
                ("input_layernorm.weight", [16]), ("post_attention_layernorm.weight", [16]), ("self_attn.q_proj.weight", [32, 16]), ("self_attn.k_proj.weight", [16, 16]), ("self_attn.v_proj.weight", [16, 16]),
                ("self_attn.o_proj.weight", [16, 32]), ("mlp.gate_proj.weight", [24, 16]), ("mlp.up_proj.weight", [24, 16]), ("mlp.down_proj.weight", [16, 24]),
            ];
            foreach ((string name, long[] shape) in own.Concat(more)) shapes[$"model.layers.{layer}.{name}"] = shape;
        }
        return shapes;
    }

    /// <summary>Writes config.json and weights, and returns the values that were written.</summary>
    public static Dictionary<string, float[]> Write(string folder, string config, Dictionary<string, long[]> shapes, SafetensorsDtype dtype = SafetensorsDtype.F32)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config);
        Random random = new(7);
        Dictionary<string, float[]> values = [];
        List<SafetensorsSource> sources = [];
        foreach ((string name, long[] shape) in shapes)
        {
            // Multiples of 1/64 below 2 are exact in every float type, and so are they plus 1 in float16.
            float[] drawn = [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => random.Next(-64, 64) / 64f)];
            values[name] = drawn;
            sources.Add(new SafetensorsSource(name, dtype, shape, stream => stream.Write(Bytes(drawn, dtype))));
        }
        SafetensorsWriter.WriteFolder(folder, sources, new Dictionary<string, string> { ["format"] = "pt" }, long.MaxValue);
        return values;
    }

    private static byte[] Bytes(float[] values, SafetensorsDtype dtype) => dtype switch
    {
        SafetensorsDtype.F16 => MemoryMarshal.AsBytes(values.Select(value => (Half)value).ToArray().AsSpan()).ToArray(),
        SafetensorsDtype.BF16 => MemoryMarshal.AsBytes(values.Select(value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)).ToArray().AsSpan()).ToArray(),
        _ => MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
    };
}
