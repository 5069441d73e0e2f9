using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Export;

namespace EdgeBench.Compression.Formats;

/// <summary>ONNX with ONNX Runtime's operators, by the settings that the pass <c>onnx</c> left in the file or their defaults.</summary>
public sealed class OnnxFormat : IArtifactFormat
{
    public string Name => "onnx";

    public string MainFile => OnnxExporter.ModelFile;

    public string? Refuse(RecipeSpec recipe) => null;

    public ExportedArtifact Export(GgufFile input, string folder, PassContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        OnnxExportOptions options = OnnxPass.Settings(input);
        OnnxExportReport report = OnnxExporter.Export(input, folder, options, context.Progress, context.Cancellation);
        return new ExportedArtifact(
            [.. Types(input, report)],
            [.. report.Files.Select(file => file.Name).Where(name => name != MainFile)],
            new PassReadback("onnx export", OnnxPass.Describe(options), Found(report), report.MaxDeviation == 0 ? Applied.Fully : Applied.Partly));
    }

    private static IEnumerable<TypeUsage> Types(GgufFile input, OnnxExportReport report) => report.Tensors
        .GroupBy(tensor => tensor.To)
        .Select(group => new TypeUsage(group.Key, group.Count(), group.Sum(tensor => input.Find(tensor.Name)?.Elements ?? 0), group.Sum(tensor => tensor.Bytes)))
        .OrderByDescending(usage => usage.Bytes);

    private static string Found(OnnxExportReport report)
    {
        string forms = string.Join("; ", report.Tensors.GroupBy(tensor => (tensor.From, tensor.To)).OrderByDescending(group => group.Count())
            .Select(group => $"{group.Key.From.ToLowerInvariant()} as {group.Key.To} in {group.Count()}"));
        OnnxTensorReport? worst = report.Tensors.Where(tensor => tensor.MaxDeviation > 0).MaxBy(tensor => tensor.MaxDeviation);
        return worst is null ? $"{forms}; every weight as in the GGUF artifact" : FormattableString.Invariant($"{forms}; weights differ from the GGUF artifact's by up to {worst.MaxDeviation:0.0e0} ({worst.Name})");
    }
}
