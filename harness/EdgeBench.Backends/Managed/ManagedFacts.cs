using EdgeBench.Backends.Adapters;
using EdgeBench.Core.Backends;
using EdgeBench.Engine.Inference.Threads;

namespace EdgeBench.Backends.Managed;

/// <summary>What a session of the managed engine is, and what of the options did not take effect.</summary>
/// <param name="drafting">The option's file, with <paramref name="draft"/>, or null.</param>
internal sealed class ManagedFacts(
    ManagedModel model, IReadOnlyList<Crew> crews, ManagedOptions options, SessionAdapters adapters, ManagedDraft? drafting, ManagedModel? draft)
{
    public SessionFacts Of(double seconds)
    {
        List<string> notApplied = [];
        if (options.PinThreads && crews.Select(crew => crew.PinProblem).FirstOrDefault(problem => problem is not null) is { } problem)
            notApplied.Add($"pin_threads: {problem}");
        return new()
        {
            Vocabulary = model.Model.Architecture.Vocabulary,
            Context = model.Run.Options.Context,
            // Of which a soft prompt or a prefix takes its share.
            TrainedContext = Math.Max(1, model.Model.Architecture.Context - model.Run.Options.VirtualTokens),
            KvBytes = model.Run.KvBytes + (draft?.Run.KvBytes ?? 0),
            Bos = model.Tokenizer.Bos,
            EndsOfText = model.Tokenizer.EndsOfText,
            LoadSeconds = seconds,
            NotApplied = notApplied,
            Details = new Dictionary<string, string>([.. Own(), .. adapters.Facts(), .. Drafts()]),
        };
    }

    private Dictionary<string, string> Own() => new()
    {
        ["version"] = ManagedBackend.Version,
        ["model"] = Name(model),
        ["kernels"] = model.Model.Kernels.Name,
        ["vector_kernels"] = model.Run.Kernels.Name,
        ["formats"] = model.Model.Formats,
        ["packed_bytes"] = $"{model.Model.Bytes}",
        ["kv_type"] = ManagedKvTypes.Name(model.Kv.Keys),
        ["kv_type_v"] = ManagedKvTypes.Name(model.Kv.Values),
        ["kv_type_source"] = model.Kv.Source,
        ["ubatch"] = $"{model.Run.Options.Ubatch}",
        ["threads"] = $"{crews[0].Count}",
        ["threads_batch"] = $"{crews[^1].Count}",
        ["pinned_cpus"] = crews[0].BoundCpus.Count == 0 ? "none" : string.Join(", ", crews[0].BoundCpus),
        ["attention"] = "blocked, online softmax",
        ["weights"] = "packed copies; rows of the token embedding mapped from the file",
    };

    // Its cache is part of kv_bytes.
    private Dictionary<string, string> Drafts() => drafting is null || draft is null ? [] : new()
    {
        ["draft"] = drafting.File.Name,
        ["draft_sha256"] = drafting.File.Sha256,
        ["draft_model"] = Name(draft),
        ["draft_formats"] = draft.Model.Formats,
        ["draft_packed_bytes"] = $"{draft.Model.Bytes}",
        ["draft_kv_bytes"] = $"{draft.Run.KvBytes}",
        ["draft_tokens"] = $"{options.DraftTokens}",
    };

    private static string Name(ManagedModel of) => $"{of.Model.Architecture.Name} {of.Model.Architecture.Layers}x{of.Model.Architecture.Width}";
}
