using EdgeBench.Core.Problems;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Decoding;

/// <summary>The tensors of a GGUF file, dequantised when asked for; nothing is kept. The file stays open as long as this is used.</summary>
public sealed class GgufWeights(GgufFile file) : IWeights
{
    public ModelArchitecture Architecture { get; } = GgufArchitecture.Of(file);

    public bool Has(string name) => file.Find(name) is not null;

    public float[] Load(string name)
    {
        GgufTensor tensor = file.Find(name) ?? throw EdgeBenchException.BadInput($"no tensor '{name}'", $"the tensors of {Architecture.Name}", "Fetch or convert the file again.", file.Path);
        if (tensor.Elements > Array.MaxLength)
            throw EdgeBenchException.BadInput($"tensor '{name}' has {tensor.Elements} elements", $"at most {Array.MaxLength}", null, file.Path);
        float[] values = new float[tensor.Elements];
        file.Dequantise(tensor, 0, values);
        return values;
    }
}
