using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Engine.Training.Optimisers;

namespace EdgeBench.Benchmarks.Training;

/// <summary>A model of random weights in training on random tokens, as the shape says: loss, backward and AdamW, without clipping.</summary>
internal sealed class TrainingSubject : IDisposable
{
    private readonly TrainableDecoder _model;
    private readonly Batch _batch;

    public TrainingSubject(TrainingShape shape, int threads, bool recompute)
    {
        NormalNumbers normal = new(1);
        DecoderShape d = shape.Decoder;
        int Count(string name) => name.Split('.')[^2] switch
        {
            "embed_tokens" => d.Vocabulary * d.Width,
            "q_proj" or "o_proj" => d.Heads * d.HeadDim * d.Width,
            "k_proj" or "v_proj" => d.KvHeads * d.HeadDim * d.Width,
            _ => d.Ffn * d.Width,
        };
        float[]? Tensor(string name)
        {
            if (name.EndsWith("norm.weight", StringComparison.Ordinal)) return [.. Enumerable.Repeat(1f, d.Width)];
            return name.EndsWith(".bias", StringComparison.Ordinal) || name.Contains("lora_", StringComparison.Ordinal) ? null : normal.Take(Count(name), 0.02f);
        }
        LoraOptions? lora = shape.LoraRank == 0 ? null : new(shape.LoraRank, 2 * shape.LoraRank, ["q_proj", "v_proj"]);
        _model = new(d, Tensor, new() { Lora = lora, HalfFrozen = true });
        Trainer = new(_model, new AdamW(), WarmUpSchedule.Constant(1e-4), new() { Threads = threads, Recompute = recompute });
        Random random = new(1);
        int[] Tokens() => [.. Enumerable.Range(0, shape.Tokens).Select(_ => random.Next(d.Vocabulary))];
        _batch = new(shape.Sequences, shape.Length, Tokens(), Tokens());
    }

    public Trainer Trainer { get; }

    public StepReport Step() => Trainer.Step(_batch);

    public void Dispose()
    {
        Trainer.Dispose();
        _model.Dispose();
    }
}
