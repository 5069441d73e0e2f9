using EdgeBench.Backends.Adapters;
using EdgeBench.Core.Backends;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>What a session is, asked back from the library, and what of the options did not take effect.</summary>
internal static unsafe class LlamaCppFacts
{
    /// <summary>Most tokens that one call takes: what was asked, or less where the context is shorter.</summary>
    public static int Batch(LlamaCppApi api, LlamaCppContext context) => (int)api.ContextBatch(context.Handle);

    public static SessionFacts Of(
        LlamaCppLibrary library, LlamaCppModel model, LlamaCppContext context, LlamaCppOptions options, LlamaCppKvTypes kvTypes, SessionNeeds needs,
        LlamaCppReadback readback, SessionAdapters adapters, double seconds)
    {
        LlamaCppApi api = library.Api;
        int length = (int)api.ContextLength(context.Handle), ubatch = (int)api.ContextUbatch(context.Handle);
        int threads = api.ContextThreads(context.Handle), threadsBatch = api.ContextThreadsBatch(context.Handle);
        LlamaCppKvSize.Size kv = LlamaCppKvSize.Of(api, model, readback, length, (int)kvTypes.Keys, (int)kvTypes.Values);
        string flash = readback.FlashAttention switch { true => "on", false => "off", null => "unknown" };

        List<string> notApplied = [];
        Note("flash_attention", options.FlashAttention is FlashAttention.Auto ? flash : Name(options.FlashAttention), flash);
        Note("kv_type", LlamaCppKvTypes.Name(kvTypes.Keys), readback.TypeK ?? "unknown");
        Note("kv_type_v", LlamaCppKvTypes.Name(kvTypes.Values), readback.TypeV ?? "unknown");
        Note("mmap", options.Mmap ? "on" : "off", readback.Mapped ? "on" : "off");
        Note("threads", $"{needs.Threads}", $"{threads}");
        Note("threads_batch", $"{(options.ThreadsBatch > 0 ? options.ThreadsBatch : needs.Threads)}", $"{threadsBatch}");
        // A batch never holds more than the context or the batch, so these caps change nothing that runs.
        Note("ubatch", $"{Math.Min(options.Ubatch, Batch(api, context))}", $"{ubatch}");

        Note(LoraAdapter.Option, Tensors(2 * adapters.AllLoras.Sum(adapter => adapter.Header.Pairs.Count)), Tensors(readback.LoraTensors));

        Dictionary<string, string> details = new([.. library.Facts, .. adapters.Facts()])
        {
            ["model"] = model.Description,
            ["flash_attention"] = flash,
            ["kv_type"] = readback.TypeK ?? "unknown",
            ["kv_type_v"] = readback.TypeV ?? "unknown",
            ["kv_type_source"] = kvTypes.Source,
            ["kv_bytes_source"] = kv.Source,
            ["batch"] = $"{Batch(api, context)}",
            ["ubatch"] = $"{ubatch}",
            ["threads"] = $"{threads}",
            ["threads_batch"] = $"{threadsBatch}",
            ["threadpool"] = "persistent, default polling (as llama-bench)",
            ["weight_buffers"] = string.Join(", ", readback.WeightBuffers),
        };
        return new SessionFacts
        {
            Vocabulary = api.VocabularySize(model.Vocabulary),
            Context = length,
            TrainedContext = api.ModelTrainedContext(model.Handle),
            KvBytes = kv.KvBytes,
            Bos = api.VocabularyAddsBos(model.Vocabulary) != 0 ? api.VocabularyBos(model.Vocabulary) : null,
            EndsOfText = model.EndsOfText(),
            LoadSeconds = seconds,
            Details = details,
            NotApplied = notApplied,
        };

        void Note(string option, string asked, string found)
        {
            if (asked != found) notApplied.Add($"{option}: asked {asked}, in effect {found}");
        }
    }

    private static string Tensors(int count) => $"{count} tensors";

    private static string Name(Enum value) => value.ToString().ToLowerInvariant();
}
