using EdgeBench.Backends.Adapters;
using EdgeBench.Core.Backends;
using EdgeBench.Engine.Inference.Forward;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Models.Tokenizers;

namespace EdgeBench.Backends.Managed;

/// <summary>What a session of the managed engine is, and what of the options did not take effect.</summary>
internal static class ManagedFacts
{
    public static SessionFacts Of(
        PackedDecoder model, DecoderRun run, IReadOnlyList<Crew> crews, ManagedOptions options, ManagedKvTypes kv, IReadOnlyList<LoraAdapter> adapters, ITokenizer tokenizer,
        double seconds)
    {
        List<string> notApplied = [];
        if (options.PinThreads && crews.Select(crew => crew.PinProblem).FirstOrDefault(problem => problem is not null) is { } problem)
            notApplied.Add($"pin_threads: {problem}");
        return new()
        {
            Vocabulary = model.Architecture.Vocabulary,
            Context = run.Options.Context,
            TrainedContext = model.Architecture.Context,
            KvBytes = run.KvBytes,
            Bos = tokenizer.Bos,
            LoadSeconds = seconds,
            NotApplied = notApplied,
            Details = new Dictionary<string, string>(LoraAdapter.Facts(adapters))
            {
                ["version"] = ManagedBackend.Version,
                ["model"] = $"{model.Architecture.Name} {model.Architecture.Layers}x{model.Architecture.Width}",
                ["kernels"] = model.Kernels.Name,
                ["vector_kernels"] = run.Kernels.Name,
                ["formats"] = model.Formats,
                ["packed_bytes"] = $"{model.Bytes}",
                ["kv_type"] = ManagedKvTypes.Name(kv.Keys),
                ["kv_type_v"] = ManagedKvTypes.Name(kv.Values),
                ["kv_type_source"] = kv.Source,
                ["ubatch"] = $"{run.Options.Ubatch}",
                ["threads"] = $"{crews[0].Count}",
                ["threads_batch"] = $"{crews[^1].Count}",
                ["pinned_cpus"] = crews[0].BoundCpus.Count == 0 ? "none" : string.Join(", ", crews[0].BoundCpus),
                ["attention"] = "blocked, online softmax",
                ["weights"] = "packed copies; rows of the token embedding mapped from the file",
            },
        };
    }
}
