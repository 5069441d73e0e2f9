using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Kernels.Dense;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>Cosines and sines of positions, for all layers of a graph; pair j of a head is its elements (j, j + head_dim / 2).</summary>
public sealed unsafe class RotaryAngles
{
    private readonly NativeBlock _memory;

    public RotaryAngles(Rotary rotary, int positions)
    {
        ArgumentNullException.ThrowIfNull(rotary);
        Pairs = rotary.Pairs;
        _memory = NativeBlock.OfFloats(3L * positions * Pairs);
        (float[] cosines, float[] sines) = (new float[Pairs], new float[Pairs]);
        for (int position = 0; position < positions; position++)
        {
            rotary.Angles(position, cosines, sines);
            cosines.CopyTo(new Span<float>(Cosines(position), Pairs));
            sines.CopyTo(new Span<float>(Sines(position), Pairs));
            for (int j = 0; j < Pairs; j++) BackSines(position)[j] = -sines[j];
        }
    }

    public int Pairs { get; }

    internal float* Cosines(int position) => _memory.Floats + (3L * position * Pairs);

    internal float* Sines(int position) => Cosines(position) + Pairs;

    /// <summary>Sines of the opposite angle.</summary>
    internal float* BackSines(int position) => Cosines(position) + (2 * Pairs);
}
