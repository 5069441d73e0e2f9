using EdgeBench.Core.Problems;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Inference.Adapters;

/// <summary>An adapter with its values in memory, float32, to run beside a model's weights.</summary>
public abstract class RunAdapter
{
    private protected RunAdapter()
    {
    }

    /// <summary>What its file says it is.</summary>
    public abstract AdapterHeader Description { get; }

    /// <summary>Reads an adapter of any kind whole. Throws <see cref="EdgeBenchException"/> (bad input).</summary>
    public static RunAdapter Read(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return AdapterHeader.Of(file) switch
        {
            LoraHeader => LoraFile.Read(path),
            PromptHeader prompt => new PromptFile(prompt, file),
            PrefixHeader prefix => new PrefixFile(prefix, file),
            BottleneckHeader bottleneck => new BottleneckFile(bottleneck, file),
            var other => throw new NotSupportedException($"Adapters of kind {other.Kind} do not run."),
        };
    }

    private protected static float[] Values(GgufFile file, string name)
    {
        GgufTensor tensor = file.Find(name)!;
        float[] values = new float[tensor.Elements];
        file.Dequantise(tensor, 0, values);
        return values;
    }
}
