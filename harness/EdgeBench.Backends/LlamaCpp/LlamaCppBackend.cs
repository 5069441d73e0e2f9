using System.Diagnostics;
using System.Text.Json;
using EdgeBench.Backends.Adapters;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>llama.cpp's C library on the CPU.</summary>
public sealed class LlamaCppBackend : IInstallableBackend
{
    // GGML_MAX_N_THREADS; more end the process.
    private const int MostThreads = 512;

    public string Name => "llamacpp";

    public string Format => "gguf";

    public Type OptionsType => typeof(LlamaCppOptions);

    public IReadOnlyList<string> DataFiles(JsonElement options) => LlamaCppOptions.Of(options) is var chosen ? SessionAdapters.Files(chosen.Lora, chosen.Adapter) : [];

    public string? Additions(JsonElement options) => LlamaCppOptions.Of(options) is var chosen ? SessionAdapters.Additions(chosen.Lora, chosen.Adapter) : null;

    public BackendStatus Probe(JsonElement options) => Probe(LlamaCppFolder.Chosen(LlamaCppOptions.Of(options)));

    public bool Installs(JsonElement options) => LlamaCppFolder.Chosen(LlamaCppOptions.Of(options)) == LlamaCppFolder.Installed;

    public Task<BackendStatus> InstallAsync(IProgress<string>? progress, CancellationToken cancellation) =>
        new LlamaCppInstaller().InstallAsync(progress, cancellation);

    public Task<FetchedPackage> FetchAsync(string runtime, IProgress<string>? progress, CancellationToken cancellation) =>
        new LlamaCppInstaller().FetchAsync(runtime, progress, cancellation);

    public Task<BackendStatus> InstallFromAsync(string package, CancellationToken cancellation) =>
        new LlamaCppInstaller().InstallFromAsync(package, cancellation);

    public TrialFailure? Refuse(ArtifactFile artifact, JsonElement options, SessionNeeds needs)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        ArgumentNullException.ThrowIfNull(needs);
        LlamaCppOptions chosen = LlamaCppOptions.Of(options);
        if (artifact.Format != Format) return new(FailureKind.Unsupported, $"llamacpp runs gguf, not {artifact.Format}", "Export the artifact as gguf.");
        if (chosen.Context > 0 && chosen.Context < needs.Context)
        {
            return new(FailureKind.Unsupported, $"'context: {chosen.Context}' is less than the {needs.Context} tokens that the test needs",
                "Leave 'context' out, or give a larger one.");
        }
        if (chosen.Batch < 1 || chosen.Ubatch < 1 || chosen.Context < 0 || chosen.ThreadsBatch < 0)
            return new(FailureKind.Unsupported, "'batch' and 'ubatch' are at least 1, 'context' and 'threads_batch' at least 0", "Correct the option.");
        if (needs.Threads is < 1 or > MostThreads || chosen.ThreadsBatch > MostThreads)
            return new(FailureKind.Unsupported, $"{Math.Max(needs.Threads, chosen.ThreadsBatch)} threads; llama.cpp takes 1 to {MostThreads}", "Correct 'threads' or 'threads_batch'.");
        if (chosen is { FlashAttention: FlashAttention.Off } && Quantised(chosen.KvTypeV ?? chosen.KvType))
            return QuantisedValues();
        return MissingOrForeign(artifact.Path) ?? WrongAdapter(artifact, chosen, needs);
    }

    public IBackendSession Open(ArtifactFile artifact, JsonElement options, SessionNeeds needs)
    {
        if (Refuse(artifact, options, needs) is { } refusal) throw new TrialException(refusal);
        LlamaCppOptions chosen = LlamaCppOptions.Of(options);
        LlamaCppLibrary library = LlamaCppLibrary.Load(LlamaCppFolder.Chosen(chosen));

        LlamaCppLog.Record();
        long start = Stopwatch.GetTimestamp();
        LlamaCppModel? model = null;
        LlamaCppContext? context = null;
        try
        {
            model = LlamaCppModel.Load(library.Api, artifact.Path, chosen.Mmap);
            LlamaCppKvTypes kv = LlamaCppKvTypes.Choose(chosen, model.Metadata(LlamaCppKvTypes.KeysKey), model.Metadata(LlamaCppKvTypes.ValuesKey));
            if (chosen.FlashAttention == FlashAttention.Off && Quantised(kv.Values)) throw new TrialException(QuantisedValues());
            SessionAdapters adapters = SessionAdapters.Of(chosen.Lora, chosen.Adapter, artifact, needs);
            LlamaCppAdapters loaded = LlamaCppAdapters.Load(library.Api, model, adapters.AllLoras);
            context = LlamaCppContext.Create(library, model, chosen, kv, needs);
            loaded.Apply(context);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            LlamaCppReadback readback = LlamaCppReadback.Parse(LlamaCppLog.Recorded());
            SessionFacts facts = LlamaCppFacts.Of(library, model, context, chosen, kv, needs, readback, adapters, seconds);
            return new LlamaCppSession(library.Api, model, context, LlamaCppFacts.Batch(library.Api, context), needs.LogitRows, facts);
        }
        catch
        {
            LlamaCppLog.Recorded();
            context?.Dispose();
            model?.Dispose();
            throw;
        }
    }

    /// <summary>What a folder holds; its version names the content of the libraries.</summary>
    internal static BackendStatus Probe(string folder)
    {
        if (LlamaCppFolder.Find(folder, out string problem) is not { } found) return new(false, null, folder, problem, LlamaCppPackages.Remedy);
        try
        {
            return new(true, found.Version(), folder, null, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new(false, null, folder, $"a library in '{folder}' cannot be read: {exception.Message}", LlamaCppPackages.Remedy);
        }
    }

    private static bool Quantised(KvType? type) => type is not (null or KvType.F32 or KvType.F16 or KvType.Bf16);

    private static TrialFailure QuantisedValues() =>
        new(FailureKind.Unsupported, "A quantised value cache needs flash attention", "Set 'flash_attention: on', or 'kv_type_v: f16'.");

    // The library's own words for the same are short: "model arch and LoRA arch mismatch".
    private static TrialFailure? WrongAdapter(ArtifactFile artifact, LlamaCppOptions options, SessionNeeds needs)
    {
        if (options.Lora is not { Count: > 0 } && options.Adapter is null && artifact.Adapter is null) return null;
        return Refusal.Of(() =>
        {
            SessionAdapters adapters = SessionAdapters.Of(options.Lora, options.Adapter, artifact, needs);
            if (adapters.Named.FirstOrDefault(named => named.Header is not LoraHeader) is { } other)
                return new(FailureKind.Unsupported, $"llama.cpp runs LoRA adapters alone, and '{other.File.Name}' is one of kind {AdapterHeader.NameOf(other.Header.Kind)}: it is not applied", "Run it on managed.");
            using GgufFile model = GgufFile.Open(artifact.Path);
            foreach (AdapterHeader header in adapters.Headers) header.Check(model);
            return null;
        });
    }

    private static TrialFailure? MissingOrForeign(string path)
    {
        Span<byte> magic = stackalloc byte[4];
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual("GGUF"u8)) return null;
            return new(FailureKind.Unsupported, $"'{path}' does not start with 'GGUF', so it is no GGUF file", "Give a GGUF file.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new(FailureKind.MissingArtifact, $"'{path}' cannot be read: {exception.Message}", "Build or fetch the file again.");
        }
    }
}
