using EdgeBench.Backends.Adapters;
using EdgeBench.Core.Backends;
using EdgeBench.Engine.Inference.Forward;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Kernels.Packed;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Tokenizers;

namespace EdgeBench.Backends.Managed;

/// <summary>A file that is ready to run: its packed weights, its context, its tokenizer.</summary>
internal sealed record ManagedModel(PackedDecoder Model, DecoderRun Run, ManagedKvTypes Kv, ITokenizer Tokenizer) : IDisposable
{
    /// <summary>Throws <see cref="TrialException"/> or <see cref="Core.Problems.EdgeBenchException"/> for what cannot run, after freeing what was taken.</summary>
    /// <param name="crews">Members for one token, then for several; the first loads.</param>
    /// <param name="logitRows">Most rows of logits at once.</param>
    public static ManagedModel Load(
        string path, ManagedOptions options, SessionNeeds needs, IReadOnlyList<Crew> crews, KernelSet kernels, SessionAdapters adapters, int logitRows)
    {
        GgufFile file = GgufFile.Open(path);
        PackedDecoder? model = null;
        try
        {
            ManagedKvTypes kv = ManagedKvTypes.Choose(options, file);
            ITokenizer tokenizer = TokenizerFactory.FromGguf(file.Metadata, path);
            RunOptions run = new()
            {
                Context = Math.Max(options.Context, needs.Context),
                Ubatch = options.Ubatch,
                Keys = kv.Keys,
                Values = kv.Values,
                LogitRows = logitRows,
                AdapterBytes = adapters.Headers.Sum(adapter => adapter.Parameters) * sizeof(float),
                VirtualTokens = adapters.Headers.Sum(adapter => adapter.VirtualTokens),
            };
            model = PackedDecoder.Load(file, crews[0], run, kernels);
            return new(model, new(model, run, crews[0], crews[^1], adapters.Read()), kv, tokenizer);
        }
        catch
        {
            if (model is not null) model.Dispose();
            else file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Run.Dispose();
        Model.Dispose();
    }
}
