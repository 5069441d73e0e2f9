using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Engine.Decoding;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Folding;

/// <summary>Parameters of <c>fold</c>: none.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record FoldParameters;

/// <summary>
/// The same function in other float32 weights: norm gains and the scales of the rows of <c>attn_v</c> and <c>ffn_up</c> go into the matrices that follow
/// (see <see cref="FoldedReference"/>). A model that was quantised before becomes a fair reference: its weights lie on no grid any more.
/// </summary>
public sealed class FoldPass : IPass
{
    private static readonly TypePlan s_plan = new(GgmlType.F32, GgmlType.F32);

    public string Name => "fold";

    public int Version => 1;

    public Type ParametersType => typeof(FoldParameters);

    public string Asked(JsonElement parameters) => "norm gains and row scales into the next matrices, f32";

    public long EstimateBytes(TransformerShape shape, JsonElement parameters) => SizeEstimate.Of(shape, s_plan);

    public PassReport Apply(GgufFile input, string outputPath, JsonElement parameters, PassContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        JsonElement canonical = PassParameters.Canonical(this, parameters);
        GgufWeights weights = new(input);
        ModelArchitecture architecture = weights.Architecture;
        if (architecture.IsEncoder || architecture.FusedProjections)
        {
            throw EdgeBenchException.BadInput($"pass 'fold' on the architecture '{architecture.Name}'",
                "a decoder whose attention and feed-forward matrices are tensors of their own", "Leave the pass out.", input.Path);
        }
        FoldedReference folded = new(weights);
        // Integers and other types that are no weights pass through as they are.
        GgufTensorSource[] tensors = [.. input.Tensors.Select(tensor => TensorCodec.Decodable.Contains(tensor.Type)
            ? new GgufTensorSource(tensor.Name, GgmlType.F32, tensor.Dimensions, output =>
            {
                context.Cancellation.ThrowIfCancellationRequested();
                output.Write(MemoryMarshal.AsBytes<float>(folded.Load(tensor.Name)));
            })
            : new GgufTensorSource(tensor.Name, tensor.Type, tensor.Dimensions, output => output.Write(input.Data(tensor))))];
        TensorRewrite.WriteFile(outputPath, WrittenMetadata.For(input, GgmlType.F32, Name, Version, canonical), tensors);
        return PassReport.Empty;
    }

    public PassReadback ReadBack(GgufFile input, GgufFile output, JsonElement parameters)
    {
        ArgumentNullException.ThrowIfNull(output);
        string[] norms = [.. output.Tensors.Select(tensor => tensor.Name).Where(name => name.EndsWith("attn_norm.weight", StringComparison.Ordinal) || name.EndsWith("ffn_norm.weight", StringComparison.Ordinal))];
        int folded = norms.Count(name =>
        {
            GgufTensor tensor = output.Find(name)!;
            float[] gain = new float[tensor.Elements];
            output.Dequantise(tensor, 0, gain);
            return Array.TrueForAll(gain, one => one == 1);
        });
        Applied applied = norms.Length == 0 || folded == 0 ? Applied.NotApplied : folded == norms.Length ? Applied.Fully : Applied.Partly;
        return new PassReadback(Name, Asked(parameters), $"gain 1 in {folded} of {norms.Length} norms", applied);
    }
}
