using System.Text.Json;
using EdgeBench.Backends.Adapters;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Onnx.Reading;

namespace EdgeBench.Backends.OnnxRuntime;

/// <summary>ONNX Runtime: EdgeBench's own exports, and decoders that others exported.</summary>
public sealed class OnnxRuntimeBackend : IBackend
{
    private const int MostThreads = 512;

    public string Name => "onnxruntime";

    public string Format => "onnx";

    public Type OptionsType => typeof(OnnxRuntimeOptions);

    public BackendStatus Probe(JsonElement options)
    {
        OnnxRuntimeOptions chosen = OnnxRuntimeOptions.Of(options);
        if (OnnxRuntimeLibrary.Find(chosen.Path, out string problem) is not { } file)
            return new(false, null, chosen.Path, problem, "Give the folder of libonnxruntime as 'path', or leave it out.");
        try
        {
            return new(true, $"sha256 {LibraryHashes.Of(file)[..16]}", Path.GetDirectoryName(file), null, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new(false, null, Path.GetDirectoryName(file), $"'{file}' cannot be read: {error.Message}", "Check its permissions.");
        }
    }

    public TrialFailure? Refuse(ArtifactFile artifact, JsonElement options, SessionNeeds needs)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        ArgumentNullException.ThrowIfNull(needs);
        if (artifact.Format != Format) return new(FailureKind.Unsupported, $"onnxruntime runs onnx, not {artifact.Format}", "Export the artifact as onnx.");
        if (SessionAdapters.Refuse(artifact, Name) is { } adapted) return adapted;
        if (!File.Exists(artifact.Path)) return new(FailureKind.MissingArtifact, $"'{artifact.Path}' is not there", "Build or fetch the file again.");
        OnnxRuntimeOptions chosen = OnnxRuntimeOptions.Of(options);
        try
        {
            OnnxHeader header = OnnxHeader.Read(artifact.Path);
            OnnxSignature.Of(header, chosen.Names);
            return RefuseNeeds(header, chosen, needs) ?? (OnnxTokenizers.Find(artifact.Path, chosen.Tokenizer, out string problem) is null
                ? new(FailureKind.Unsupported, problem, "Put tokenizer.json beside the model, or declare it as 'tokenizer'.") : null);
        }
        catch (EdgeBenchException error)
        {
            return new(FailureKind.Unsupported, error.Message, error.Problems[0].Remedy);
        }
        catch (TrialException error)
        {
            return error.Failure;
        }
    }

    public IBackendSession Open(ArtifactFile artifact, JsonElement options, SessionNeeds needs)
    {
        if (Refuse(artifact, options, needs) is { } refusal) throw new TrialException(refusal);
        OnnxRuntimeOptions chosen = OnnxRuntimeOptions.Of(options);
        OnnxRuntimeLibrary library = OnnxRuntimeLibrary.Load(chosen.Path);
        OnnxHeader header = OnnxHeader.Read(artifact.Path);
        OnnxSignature signature = OnnxSignature.Of(header, chosen.Names);
        DeclaredTokenizer tokenizer = OnnxTokenizers.Load(OnnxTokenizers.Find(artifact.Path, chosen.Tokenizer, out _)!);
        return new OnnxSessionOpener(library, chosen, header, signature, tokenizer, needs).Open();
    }

    private static TrialFailure? RefuseNeeds(OnnxHeader header, OnnxRuntimeOptions options, SessionNeeds needs)
    {
        if (needs.Threads is < 1 or > MostThreads) return new(FailureKind.Unsupported, $"{needs.Threads} threads; onnxruntime takes 1 to {MostThreads}", "Correct 'threads'.");
        if (options.Batch < 1 || options.InterOp < 1 || options.Context < 0) return new(FailureKind.Unsupported, "'batch' and 'inter_op' are at least 1, 'context' at least 0", "Correct the option.");
        if (options.Context > 0 && options.Context < needs.Context)
        {
            return new(FailureKind.Unsupported, $"'context: {options.Context}' is less than the {needs.Context} tokens that the test needs", "Leave 'context' out, or give a larger one.");
        }
        int context = Math.Max(options.Context, needs.Context);
        if (header.Metadata.TryGetValue("edgebench.context", out string? text) && int.TryParse(text, out int exported) && context > exported)
            return new(FailureKind.Unsupported, $"{context} tokens; the model's rotary tables hold {exported}", "Export it with a longer 'context', or use shorter prompts.");
        return null;
    }
}
