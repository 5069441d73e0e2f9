using System.Runtime.InteropServices;
using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>What emitted functions are given, by one pointer. Each uses a part; strides are bytes.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct Arguments
{
    /// <summary>The first group's first unit.</summary>
    [FieldOffset(0)]
    public byte* Weights;

    /// <summary>From one group to the next.</summary>
    [FieldOffset(8)]
    public nint GroupBytes;

    /// <summary>How many groups; the function counts it down.</summary>
    [FieldOffset(16)]
    public nint Groups;

    /// <summary>Units of a group, or blocks (for floats: units) of a panel.</summary>
    [FieldOffset(24)]
    public nint Length;

    /// <summary>The first activation.</summary>
    [FieldOffset(32)]
    public void* X;

    [FieldOffset(40)]
    public nint XStride;

    /// <summary>From one tile of activations to the next.</summary>
    [FieldOffset(104)]
    public nint XStep;

    [FieldOffset(48)]
    public float* Y;

    [FieldOffset(56)]
    public nint YStride;

    /// <summary>How many tiles of activations; the function counts it down.</summary>
    [FieldOffset(64)]
    public nint Tiles;

    /// <summary>Not zero: sums start from what is in Y.</summary>
    [FieldOffset(72)]
    public nint Accumulate;

    /// <summary>Lanes of the last group that are read and written.</summary>
    [FieldOffset(80)]
    public nint Mask;

    /// <summary>Where weights are expanded to.</summary>
    [FieldOffset(88)]
    public byte* Panel;

    /// <summary>The low half of each byte, and the bits that the upper part of a level adds.</summary>
    [FieldOffset(96)]
    public uint LowBits;

    [FieldOffset(100)]
    public uint HighBits;

    /// <summary>Where code finds a field.</summary>
    public static Memory At(string field) => new(Register.Rdi, Displacement: (int)Marshal.OffsetOf<Arguments>(field));
}
