using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Decoding;

/// <summary>Weights of which some are replaced by others of the same length.</summary>
public sealed class OverlayWeights(IWeights weights, IReadOnlyDictionary<string, float[]> replaced) : IWeights
{
    public ModelArchitecture Architecture => weights.Architecture;

    public bool Has(string name) => replaced.ContainsKey(name) || weights.Has(name);

    public float[] Load(string name) => replaced.TryGetValue(name, out float[]? values) ? (float[])values.Clone() : weights.Load(name);
}
