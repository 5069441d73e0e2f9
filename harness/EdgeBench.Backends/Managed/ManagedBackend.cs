using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using EdgeBench.Backends.Adapters;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Engine.Inference.Generation;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Inference.Sessions;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Kernels.Packed;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Backends.Managed;

/// <summary>EdgeBench's own engine, on the CPU, in this process and without a native library.</summary>
public sealed class ManagedBackend : IBackend
{
    private const int MostThreads = 512;

    public string Name => "managed";

    public string Format => "gguf";

    public Type OptionsType => typeof(ManagedOptions);

    /// <summary>Identifies the build of engine and kernels, so that figures of another build are not taken for this one's.</summary>
    internal static string Version { get; } =
        $"{typeof(PackedDecoder).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()?.Version}+{Build(typeof(PackedDecoder))}.{Build(typeof(PackedMatrix))}";

    public IReadOnlyList<string> DataFiles(JsonElement options) =>
        ManagedOptions.Of(options) is var chosen && chosen.Draft is { } draft ? [.. SessionAdapters.Files(chosen.Lora, chosen.Adapter), draft] : SessionAdapters.Files(chosen.Lora, chosen.Adapter);

    public string? Additions(JsonElement options) => ManagedOptions.Of(options) is var chosen ? SessionAdapters.Additions(chosen.Lora, chosen.Adapter) : null;

    public string? Unsuited(JsonElement options, SessionNeeds needs)
    {
        ArgumentNullException.ThrowIfNull(needs);
        return ManagedOptions.Of(options).Draft is null || needs.OwnText ? null
            : "'draft' guesses text that the model itself writes, and this workload decodes tokens that are given: use it with 'scenario: generation'";
    }

    public BackendStatus Probe(JsonElement options)
    {
        try
        {
            _ = Set(ManagedOptions.Of(options));
            return new(true, Version, null, null, null);
        }
        catch (TrialException error)
        {
            return new(false, null, null, error.Message, error.Failure.Remedy);
        }
    }

    public TrialFailure? Refuse(ArtifactFile artifact, JsonElement options, SessionNeeds needs)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        ArgumentNullException.ThrowIfNull(needs);
        ManagedOptions chosen = ManagedOptions.Of(options);
        if (artifact.Format != Format) return new(FailureKind.Unsupported, $"managed runs gguf, not {artifact.Format}", "Export the artifact as gguf.");
        if (chosen.Ubatch < 1 || chosen.Context < 0 || chosen.ThreadsBatch < 0)
            return new(FailureKind.Unsupported, "'ubatch' is at least 1, 'context' and 'threads_batch' at least 0", "Correct the option.");
        if (chosen.Context > 0 && chosen.Context < needs.Context)
        {
            return new(FailureKind.Unsupported, $"'context: {chosen.Context}' is less than the {needs.Context} tokens that the test needs",
                "Leave 'context' out, or give a larger one.");
        }
        if (needs.Threads is < 1 or > MostThreads || chosen.ThreadsBatch > MostThreads)
            return new(FailureKind.Unsupported, $"{Math.Max(needs.Threads, chosen.ThreadsBatch)} threads; managed takes 1 to {MostThreads}", "Correct 'threads' or 'threads_batch'.");
        if (chosen.DraftTokens is < 1 or > SpeculativeDecoder.MostDrafted)
            return new(FailureKind.Unsupported, $"'draft_tokens: {chosen.DraftTokens}'; managed drafts 1 to {SpeculativeDecoder.MostDrafted} at a time", "Correct the option.");
        if (Unsuited(options, needs) is { } unsuited) return new(FailureKind.Unsupported, unsuited, "Leave 'draft' out.");
        if (!File.Exists(artifact.Path)) return new(FailureKind.MissingArtifact, $"'{artifact.Path}' is not there", "Build or fetch the file again.");
        return Refusal.Of(() =>
        {
            _ = Set(chosen);
            using GgufFile file = GgufFile.Open(artifact.Path);
            _ = ManagedKvTypes.Choose(chosen, file);
            if (PackedDecoder.WhyNot(file, SessionAdapters.Of(chosen.Lora, chosen.Adapter, artifact, needs).Headers) is { } problem) return new(FailureKind.Unsupported, $"managed cannot run this: {problem}", problem.Remedy);
            ManagedDraft.Of(chosen, needs)?.Check(file);
            return null;
        });
    }

    public IBackendSession Open(ArtifactFile artifact, JsonElement options, SessionNeeds needs)
    {
        if (Refuse(artifact, options, needs) is { } refusal) throw new TrialException(refusal);
        ManagedOptions chosen = ManagedOptions.Of(options);
        long start = Stopwatch.GetTimestamp();
        KernelSet kernels = Set(chosen);
        List<Crew> crews = [new(needs.Threads, chosen.PinThreads)];
        ManagedModel? model = null, draft = null;
        try
        {
            if (chosen.ThreadsBatch > 0 && chosen.ThreadsBatch != needs.Threads) crews.Add(new(chosen.ThreadsBatch, chosen.PinThreads));
            SessionAdapters adapters = SessionAdapters.Of(chosen.Lora, chosen.Adapter, artifact, needs);
            ManagedDraft? drafting = ManagedDraft.Of(chosen, needs);
            // A draft's guesses are checked with the token before them.
            model = ManagedModel.Load(artifact.Path, chosen, needs, crews, kernels, adapters, drafting is null ? needs.LogitRows : Math.Max(needs.LogitRows, chosen.DraftTokens + 1));
            draft = drafting is null ? null : ManagedModel.Load(drafting.File.Path, chosen, needs, crews, kernels, SessionAdapters.None, logitRows: 1);
            SessionFacts facts = new ManagedFacts(model, crews, chosen, adapters, drafting, draft).Of(Stopwatch.GetElapsedTime(start).TotalSeconds);
            PackedSession session = new(model.Model, model.Run, crews, model.Tokenizer, facts);
            return draft is null ? session : new DraftedSession(session, draft.Model, draft.Run, chosen.DraftTokens);
        }
        catch (Exception error)
        {
            foreach (Crew crew in crews) crew.Dispose();
            draft?.Dispose();
            model?.Dispose();
            if (error is OutOfMemoryException) throw new TrialException(new(FailureKind.OutOfMemory, "An allocation of the managed engine was refused"), error);
            if (error is EdgeBenchException named) throw new TrialException(Refusal.Of(named), error);
            throw;
        }
    }

    // The kernel set that the options name, else the one in use.
    private static KernelSet Set(ManagedOptions options)
    {
        if (options.Kernels is null) return Current();
        KernelSet[] here = [.. KernelSets.All.Where(set => set.IsSupported)];
        return here.FirstOrDefault(set => string.Equals(set.Name, options.Kernels, StringComparison.OrdinalIgnoreCase))
            ?? throw new TrialException(FailureKind.Unsupported, $"'kernels: {options.Kernels}' {(KernelSets.All.FirstOrDefault(set => set.Name == options.Kernels)?.Missing is { } missing ? $"needs {missing}" : "is no kernel set")}",
                $"Use one of {string.Join(", ", here.Select(set => set.Name))}, or leave it out.");
    }

    private static KernelSet Current()
    {
        try
        {
            return KernelSets.Current;
        }
        catch (NotSupportedException error)
        {
            throw new TrialException(new(FailureKind.Unsupported, error.Message, "Name another kernel set, or none."), error);
        }
    }

    private static string Build(Type type) => type.Module.ModuleVersionId.ToString("N")[..8];
}
