using EdgeBench.Engine.Inference.Memory;

namespace EdgeBench.Engine.Training.Optimisers;

/// <summary>A moment of one parameter, as long as it.</summary>
public sealed unsafe class OptimiserState : IDisposable
{
    private readonly NativeBlock _block;
    private readonly int _count;

    internal OptimiserState(string name, long count) => (Name, _count, _block) = (name, checked((int)count), new NativeBlock(count * sizeof(float), large: true));

    /// <summary>Such as <c>adam.m.model.norm.weight</c>.</summary>
    public string Name { get; }

    public Span<float> Values => new(Address, _count);

    internal float* Address => _block.Floats;

    public void Dispose() => _block.Dispose();
}
