using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Kernels.Training;

namespace EdgeBench.Engine.Training.Graphs;

/// <summary>What operations share while a batch is computed.</summary>
public sealed unsafe class StepContext : IDisposable
{
    private readonly NativeBlock?[] _scratch;

    internal StepContext(int threads, ulong seed)
    {
        (Workers, Seed) = (new Workers(threads), seed);
        _scratch = new NativeBlock?[threads];
    }

    public Workers Workers { get; }

    public TrainingKernels Kernels { get; } = TrainingKernels.Best;

    /// <summary>The batch in work.</summary>
    public Batch Batch { get; internal set; } = null!;

    /// <summary>Whether gradients are wanted; else operations that are random or only needed for gradients leave that out.</summary>
    public bool Training { get; internal set; }

    /// <summary>What the sum of losses is multiplied by: 1 / targets of all micro-batches of the step.</summary>
    public float LossFactor { get; internal set; } = 1;

    /// <summary>Sum of losses of the batch, set by the loss.</summary>
    public double LossSum { get; set; }

    /// <summary>Receives logits of evaluations; null where nobody asks.</summary>
    public LogitSink? Logits { get; internal set; }

    public ulong Seed { get; }

    /// <summary>Steps done, and batches done in this step: what random masks depend on, besides <see cref="Seed"/>.</summary>
    public long Step { get; internal set; }

    public int MicroBatch { get; internal set; }

    /// <summary>At least so many floats for one thread, undefined contents; grows once.</summary>
    public float* Scratch(int thread, long floats)
    {
        if (_scratch[thread] is { } block && block.Bytes >= floats * sizeof(float)) return block.Floats;
        _scratch[thread]?.Dispose();
        return (_scratch[thread] = NativeBlock.OfFloats(floats)).Floats;
    }

    /// <summary>Bytes of working memory besides the tape's.</summary>
    internal long Bytes => Workers.Bytes + _scratch.Sum(block => block?.Bytes ?? 0);

    public void Dispose()
    {
        Workers.Dispose();
        foreach (NativeBlock? block in _scratch) block?.Dispose();
    }
}
