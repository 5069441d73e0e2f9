using System.Runtime.InteropServices;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Kernels.Packed;

namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>
/// A product whose weights are another copy each time, so that they come from memory as those of a model do, whose other matrices are used between. The groups of
/// rows are shared among the threads as the engine shares them.
/// </summary>
internal sealed unsafe class PackedProductWork : KernelWork, ICrewWork
{
    private const int LineBytes = 64;

    private readonly Crew _crew;
    private readonly WeightCopies _weights;
    private readonly PackedRows _activations;
    private readonly KernelSet _set;
    private readonly int _rows, _columns, _count;
    private readonly float* _results;
    private int _copy;

    public PackedProductWork(KernelContext context, string format, int rows, int columns, int count, KernelSet set)
    {
        (_crew, _set, _rows, _columns, _count) = (context.Crew, set, rows, columns, count);
        _weights = context.Copies(format, rows, columns);
        _activations = PackedRows.For(count, _weights.Matrix);
        float[] x = SampleValues.Normal(count * columns);
        fixed (float* values = x) _activations.Set(values, columns, 0, count);
        _results = (float*)NativeMemory.AlignedAlloc((nuint)count * (nuint)rows * sizeof(float), LineBytes);
    }

    public override double Operations => 2.0 * _rows * _columns * _count;

    public override double Bytes => _weights.BytesOfOne + ((double)_count * ((_activations.HasFloats ? sizeof(float) : 2) * _columns)) + ((double)_count * _rows * sizeof(float));

    /// <summary>[count, rows], of the copy that was last multiplied.</summary>
    public Span<float> Results => new(_results, _count * _rows);

    public override void Run()
    {
        _copy = _copy + 1 == _weights.Count ? 0 : _copy + 1;
        _crew.Run(this);
    }

    void ICrewWork.Run(Crew crew, int member)
    {
        int groups = _rows / PackedMatrix.GroupRows, first = _copy * groups;
        int start = first + (int)((long)groups * member / crew.Count), end = first + (int)((long)groups * (member + 1) / crew.Count);
        // Rows are numbered through all copies; results are not.
        PackedProduct.Multiply(_weights.Matrix, _activations, _count, _results - ((nint)_copy * _rows), _rows, start, end, kernels: _set);
    }

    public override void Dispose()
    {
        _activations.Dispose();
        NativeMemory.AlignedFree(_results);
    }
}
