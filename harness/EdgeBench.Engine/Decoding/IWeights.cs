using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Decoding;

/// <summary>A model's weights in float32 by GGUF's tensor names. Safe for several readers.</summary>
public interface IWeights
{
    ModelArchitecture Architecture { get; }

    bool Has(string name);

    /// <summary>
    /// A copy of a tensor, row-major (a matrix [out, in] has its rows one after another). Throws <see cref="Core.Problems.EdgeBenchException"/> (bad
    /// input) where there is none.
    /// </summary>
    float[] Load(string name);
}
