using System.Runtime.InteropServices;
using EdgeBench.Core.Configuration;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources.Synthetic;

namespace EdgeBench.Engine.Tests.Families;

/// <summary>Writes a family's model with random float32 weights whose activations stay of order one.</summary>
internal static class FamilyFile
{
    public static string Write(string folder, Family family)
    {
        string path = Path.Combine(folder, "model.gguf");
        List<KeyValuePair<string, GgufValue>> metadata = [new("general.architecture", GgufValue.From(family.Architecture)), new("general.file_type", GgufValue.From(0u))];
        metadata.AddRange(family.Metadata.Select(entry => new KeyValuePair<string, GgufValue>($"{family.Architecture}.{entry.Key}", entry.Value)));
        metadata.AddRange(Tokenizer(folder));
        (string Name, long[] Dimensions)[] tensors =
        [
            ("token_embd.weight", [Family.Width, Family.Vocabulary]), ("output_norm.weight", [Family.Width]),
            .. Enumerable.Range(0, family.Layers).SelectMany(family.Tensors),
            .. family.Architecture == "phi3" ? new[] { ("output.weight", new long[] { Family.Width, Family.Vocabulary }) } : [],
        ];
        GgufWriter.Write(path, metadata, [.. tensors.Select((tensor, seed) => new GgufTensorSource(tensor.Name, GgmlType.F32, tensor.Dimensions,
            stream => stream.Write(MemoryMarshal.AsBytes<float>(Values(family, tensor.Name, tensor.Dimensions, seed)))))]);
        return path;
    }

    private static float[] Values(Family family, string name, long[] dimensions, int seed)
    {
        Random random = new(seed);
        // llama.cpp rounds what goes into tanh-GELU and what comes out to float16 (ggml, GGML_GELU_FP16), and we do not: that part is kept small in Gemma's sum.
        double part = family.Architecture.StartsWith("gemma", StringComparison.Ordinal)
            && (family.Architecture == "gemma" ? name.Contains("ffn_down") : name.Contains("post_ffw_norm")) ? 1.0 / 32 : 1;
        bool positive = name.Contains("norm") || name.StartsWith("rope_", StringComparison.Ordinal);
        double size = name.EndsWith(".bias", StringComparison.Ordinal) ? 0.5 : name.StartsWith("token_embd", StringComparison.Ordinal) ? 0.3 : 1.5 / Math.Sqrt(dimensions[0]);
        float[] values = new float[dimensions.Aggregate(1L, (product, next) => product * next)];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(part * (positive ? 1 + random.NextDouble() : size * Math.Sqrt(3) * ((2 * random.NextDouble()) - 1)));
        return values;
    }

    // llama.cpp loads no model without one: that of a random: model.
    private static IEnumerable<KeyValuePair<string, GgufValue>> Tokenizer(string folder)
    {
        string path = Path.Combine(folder, "random.gguf");
        new RandomCheckpoint(new TransformerShape { Architecture = "llama", Layers = 1, Width = 32, Heads = 2, KvHeads = 2, Ffn = 32, Vocabulary = Family.Vocabulary }, 1).Write(path, 1);
        using GgufFile file = GgufFile.Open(path);
        return [.. file.Metadata.Where(entry => entry.Key.StartsWith("tokenizer.", StringComparison.Ordinal))];
    }
}
