using System.Runtime.InteropServices;
using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Engine.Training.Graphs;

/// <summary>A weight: name, shape, data, gradient, and whether it is trained. Its memory lasts as long as the model.</summary>
public sealed unsafe class Parameter : Tensor, IDisposable
{
    private readonly NativeBlock _values;
    private readonly NativeBlock? _gradients;

    /// <param name="shape">[out, in] of a matrix, or [n].</param>
    /// <param name="values">Row-major.</param>
    /// <param name="half">Keeps a matrix that is not trained in float16: half the memory, rounded to nearest.</param>
    public Parameter(string name, IReadOnlyList<int> shape, ReadOnlySpan<float> values, bool trainable, bool half = false)
        : base(name, shape.Count == 1 ? 1 : shape[0], shape[^1])
    {
        if (shape.Count is not (1 or 2) || Count != values.Length) throw new ArgumentException($"{name}: {values.Length} values for [{string.Join(", ", shape)}]; expected one or two dimensions.", nameof(shape));
        Shape = [.. shape];
        NeedsGradient = trainable;
        IsHalf = half && !trainable && shape.Count == 2;
        if (IsHalf)
        {
            _values = new NativeBlock(Count * sizeof(ushort), large: true);
            HalfConversion.ToHalf(values, new Span<byte>(_values.Data, checked((int)(Count * sizeof(ushort)))));
        }
        else
        {
            _values = new NativeBlock(Count * sizeof(float), large: true);
            values.CopyTo(new Span<float>(_values.Floats, values.Length));
        }
        Place((nint)_values.Data);
        if (!trainable) return;
        _gradients = new NativeBlock(Count * sizeof(float), large: true);
        PlaceGradient((nint)_gradients.Data);
    }

    public IReadOnlyList<int> Shape { get; }

    public bool Trainable => NeedsGradient;

    /// <summary>What optimisers multiply the learning rate by.</summary>
    public float RateFactor { get; set; } = 1;

    /// <summary>Bytes of values.</summary>
    public long Bytes => Count * (IsHalf ? sizeof(ushort) : sizeof(float));

    /// <summary>Its float32 values; <see cref="InvalidOperationException"/> where they are float16.</summary>
    public Span<float> Values => IsHalf ? throw new InvalidOperationException($"{Name} is float16.") : new(Value, checked((int)Count));

    /// <summary>Its gradient; <see cref="InvalidOperationException"/> where it is not trained.</summary>
    public Span<float> Gradients => Trainable ? new(Gradient, checked((int)Count)) : throw new InvalidOperationException($"{Name} is not trained.");

    /// <summary>A float32 copy of its values.</summary>
    public float[] ToArray()
    {
        float[] copy = new float[Count];
        if (IsHalf) HalfConversion.FromHalf(new ReadOnlySpan<byte>((byte*)Value, copy.Length * sizeof(ushort)), copy);
        else Values.CopyTo(copy);
        return copy;
    }

    /// <summary>Widens or copies one row.</summary>
    internal void CopyRow(int row, float* target)
    {
        Span<float> into = new(target, Columns);
        if (IsHalf) HalfConversion.FromHalf(MemoryMarshal.AsBytes(new ReadOnlySpan<ushort>((ushort*)Value + ((nint)row * Columns), Columns)), into);
        else new ReadOnlySpan<float>(Value + ((nint)row * Columns), Columns).CopyTo(into);
    }

    public void Dispose()
    {
        _values.Dispose();
        _gradients?.Dispose();
    }
}
