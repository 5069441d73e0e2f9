using System.Runtime.InteropServices;
using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>What emitted functions are given, by one pointer. Each uses a part; strides are bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Arguments
{
    /// <summary>The first group's first unit.</summary>
    public byte* Weights;

    /// <summary>From one group to the next.</summary>
    public nint GroupBytes;

    /// <summary>From the weights of one of the groups that are taken at once to those of the next, and in Y.</summary>
    public nint StreamBytes, StreamYBytes;

    /// <summary>How many groups; the function counts it down.</summary>
    public nint Groups;

    /// <summary>Units of a group, or blocks (for floats: units) of a panel.</summary>
    public nint Length;

    /// <summary>The first activation.</summary>
    public void* X;

    public nint XStride;

    /// <summary>From one tile of activations to the next.</summary>
    public nint XStep;

    public float* Y;

    public nint YStride;

    /// <summary>How many tiles of activations; the function counts it down.</summary>
    public nint Tiles;

    /// <summary>Not zero: sums start from what is in Y.</summary>
    public nint Accumulate;

    /// <summary>Where weights are expanded to.</summary>
    public byte* Panel;

    /// <summary>Working memory of <see cref="EmittedProduct.ScratchBytes"/> that starts at a cache line.</summary>
    public byte* Scratch;

    /// <summary>What levels are taken apart with: the low half of each byte (of levels of eight bits the sign), and the bits that their upper part adds.</summary>
    public uint LowBits, HighBits;

    /// <summary>Two ones of 16 bits.</summary>
    public uint Ones;

    /// <summary>Lanes of the last group that are read and written, by bits, how many are not, and by words.</summary>
    public nint Mask, Missing;

    public fixed int LaneMasks[PackedFormat.GroupRows];

    /// <summary>Sets what says that the last group has so many rows.</summary>
    public void SetRows(int rows)
    {
        (Mask, Missing) = ((1 << rows) - 1, PackedFormat.GroupRows - rows);
        for (int lane = 0; lane < PackedFormat.GroupRows; lane++) LaneMasks[lane] = lane < rows ? -1 : 0;
    }

    /// <summary>Where code finds a field.</summary>
    public static Memory At(string field) => new(Register.Rdi, Displacement: (int)Marshal.OffsetOf<Arguments>(field));
}
