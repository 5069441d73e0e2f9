using System.Text.Json;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>A compression method. Seam: implement, add to <c>PassRegistry</c>.</summary>
public interface IPass
{
    /// <summary>Key in a recipe: <c>ptq</c>, <c>convert</c>, <c>prune</c> …</summary>
    string Name { get; }

    /// <summary>Raised whenever the same parameters give other bytes; part of an artifact's content address.</summary>
    int Version { get; }

    /// <summary>Record type of its parameters in <c>bench.yaml</c>.</summary>
    Type ParametersType { get; }

    /// <summary>What the parameters ask for, in a few words: <c>weights q4_0</c>.</summary>
    string Asked(JsonElement parameters);

    /// <summary>Whether it can change tensors; one that does not leaves their size to the passes before it.</summary>
    bool ChangesTensors => true;

    /// <summary>Bytes that all tensors take after this pass, for the plan, from the shape alone.</summary>
    long EstimateBytes(TransformerShape shape, JsonElement parameters);

    /// <summary>Paths of calibration texts and other files that these parameters name, as written; their hashes are part of the artifact's address.</summary>
    IReadOnlyList<string> DataFiles(JsonElement parameters) => [];

    /// <summary>Reads <paramref name="input"/>, writes <paramref name="outputPath"/> atomically.</summary>
    PassReport Apply(GgufFile input, string outputPath, JsonElement parameters, PassContext context);

    /// <summary>Compares what was asked with what <paramref name="output"/>'s own tensors show. Never trusts what <see cref="Apply"/> meant to do.</summary>
    PassReadback ReadBack(GgufFile input, GgufFile output, JsonElement parameters);
}
