using System.Text.Json;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Export;

namespace EdgeBench.Compression.Passes;

/// <summary>
/// How the artifact is written for backends that run ONNX. The settings travel in the file's metadata; no weight changes, and backends that run GGUF
/// ignore them.
/// </summary>
public sealed class OnnxPass : IPass
{
    private const string SettingsKey = "edgebench.onnx";

    public string Name => "onnx";

    public int Version => 1;

    public Type ParametersType => typeof(OnnxExportOptions);

    public string Asked(JsonElement parameters) => Describe(PassParameters.Read<OnnxExportOptions>(Name, parameters));

    public bool ChangesTensors => false;

    public long EstimateBytes(TransformerShape shape, JsonElement parameters) => throw new NotSupportedException("Tensors stay as the pass before leaves them.");

    public PassReport Apply(GgufFile input, string outputPath, JsonElement parameters, PassContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        JsonElement canonical = PassParameters.Canonical(this, parameters);
        Dictionary<string, GgufValue> settings = new() { [SettingsKey] = GgufValue.From(canonical.GetRawText()) };
        TensorRewrite.Copy(input, outputPath, WrittenMetadata.With(input, settings, Name, Version, canonical), context.Cancellation);
        return PassReport.Empty;
    }

    public PassReadback ReadBack(GgufFile input, GgufFile output, JsonElement parameters)
    {
        OnnxExportOptions asked = PassParameters.Read<OnnxExportOptions>(Name, parameters);
        bool kept = Settings(output) == asked;
        return new PassReadback(Name, Describe(asked), kept ? "settings in the file" : "no such settings in the file", kept ? Applied.Fully : Applied.NotApplied);
    }

    /// <summary>The settings that a file carries, or the defaults. Throws <see cref="EdgeBenchException"/> (bad input) where they cannot be read.</summary>
    internal static OnnxExportOptions Settings(GgufFile file)
    {
        if (file.Metadata.GetValueOrDefault(SettingsKey)?.AsText() is not { } text) return new OnnxExportOptions();
        try
        {
            return JsonSerializer.Deserialize<OnnxExportOptions>(text, EdgeBenchJson.Options) ?? new OnnxExportOptions();
        }
        catch (JsonException error)
        {
            throw EdgeBenchException.BadInput($"metadata '{SettingsKey}' is '{text}' ({error.Message})", "settings as the pass 'onnx' writes them", "Compress the model again.", file.Path);
        }
    }

    internal static string Describe(OnnxExportOptions options) =>
        $"accuracy level {options.AccuracyLevel}, weights {(options.ExternalData == ExternalData.Always ? "in a file of their own" : "in the model up to 1.9 GB")}"
        + (options.Context > 0 ? $", {options.Context} positions" : "");
}
