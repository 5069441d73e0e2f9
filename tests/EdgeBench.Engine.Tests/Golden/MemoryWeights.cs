using EdgeBench.Engine.Decoding;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Tests.Golden;

/// <summary>Weights by name from memory.</summary>
internal sealed class MemoryWeights(ModelArchitecture architecture, IReadOnlyDictionary<string, float[]> tensors) : IWeights
{
    public ModelArchitecture Architecture => architecture;

    public bool Has(string name) => tensors.ContainsKey(name);

    public float[] Load(string name) => (float[])tensors[name].Clone();
}
