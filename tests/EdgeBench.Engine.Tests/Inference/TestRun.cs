using EdgeBench.Engine.Inference.Adapters;
using EdgeBench.Engine.Inference.Forward;
using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Tests.Inference;

/// <summary>A file opened for inference, with all that belongs to it.</summary>
internal sealed class TestRun : IDisposable
{
    private readonly PackedDecoder _model;
    private readonly Crew _crew;

    public TestRun(string path, int threads = 2, int context = 256, int sequences = 1, int ubatch = 512, KvFormat kv = KvFormat.F16, int logitRows = 256,
        IReadOnlyList<RunAdapter>? adapters = null)
    {
        _crew = new(threads);
        RunOptions options = new() { Context = context, Sequences = sequences, Ubatch = ubatch, Keys = kv, Values = kv, LogitRows = logitRows };
        _model = PackedDecoder.Load(GgufFile.Open(path), _crew, options);
        Run = new(_model, options, _crew, adapters: adapters);
    }

    public DecoderRun Run { get; }

    /// <summary>[tokens, vocabulary], by batches.</summary>
    public float[] Batched(int[] tokens)
    {
        int vocabulary = Run.Architecture.Vocabulary;
        float[] all = new float[tokens.Length * vocabulary];
        Run.Append(tokens, 0, (row, logits) => logits.CopyTo(all.AsSpan(row * vocabulary)));
        return all;
    }

    /// <summary>[tokens, vocabulary], token by token.</summary>
    public float[] Decoded(int[] tokens)
    {
        int vocabulary = Run.Architecture.Vocabulary;
        float[] all = new float[tokens.Length * vocabulary];
        for (int i = 0; i < tokens.Length; i++)
        {
            Run.Append(tokens.AsSpan(i, 1));
            Run.Logits().CopyTo(all.AsSpan(i * vocabulary));
        }
        return all;
    }

    public void Dispose()
    {
        Run.Dispose();
        _model.Dispose();
        _crew.Dispose();
    }
}
