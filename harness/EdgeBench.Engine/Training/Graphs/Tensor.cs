using EdgeBench.Kernels.Dense;

namespace EdgeBench.Engine.Training.Graphs;

/// <summary>
/// A row-major matrix [rows, columns] of float32 in a graph: a value, and a gradient of the loss where something trainable lies behind it. Its memory belongs
/// to the tape and is shared with tensors that are not alive at the same time.
/// </summary>
public unsafe class Tensor
{
    private nint _value, _gradient;
    private bool _gradientStarted;

    internal Tensor(string name, int rows, int columns) => (Name, Rows, Columns) = (name, rows, columns);

    public string Name { get; }

    public int Rows { get; }

    public int Columns { get; }

    public long Count => (long)Rows * Columns;

    /// <summary>Whether a trainable parameter lies behind it.</summary>
    public bool NeedsGradient { get; internal set; }

    /// <summary>Whether values are float16: of frozen matrices only.</summary>
    public bool IsHalf { get; private protected init; }

    public float* Value => (float*)Storage._value;

    public float* Gradient => (float*)GradientStorage._gradient;

    /// <summary>As a factor of a product: rows are its rows (inner index along a row), for x·Wᵀ of a weight matrix W.</summary>
    public Operand ByRows => new(Storage._value, Columns, InnerMajor: false, IsHalf);

    /// <summary>As a factor of a product: columns are its rows.</summary>
    public Operand ByColumns => new(Storage._value, Columns, InnerMajor: true, IsHalf);

    /// <summary>Tensors whose memory this one's value and gradient are in.</summary>
    internal Tensor? ValueOwner { get; set; }

    internal Tensor? GradientOwner { get; set; }

    internal Tensor Storage => ValueOwner?.Storage ?? this;

    internal Tensor GradientStorage => GradientOwner?.GradientStorage ?? this;

    /// <summary>Whether a gradient is already there and has to be added to; from now on it is. Asked once by each operation that contributes to it.</summary>
    public bool StartsGradient()
    {
        Tensor storage = GradientStorage;
        bool adds = storage._gradientStarted;
        storage._gradientStarted = true;
        return adds;
    }

    internal void ForgetGradient() => GradientStorage._gradientStarted = false;

    internal bool HasGradient => GradientStorage._gradientStarted;

    internal void Place(nint value) => _value = value;

    internal void PlaceGradient(nint gradient) => _gradient = gradient;

    public override string ToString() => $"{Name} [{Rows}, {Columns}]";
}
