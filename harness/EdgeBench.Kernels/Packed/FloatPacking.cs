namespace EdgeBench.Kernels.Packed;

/// <summary>Puts a row of floats into its lane of a group: element p at p · 16 + lane.</summary>
internal static unsafe class FloatPacking
{
    public static void PackRow(PackedFormat format, byte* source, int columns, byte* group, int lane)
    {
        if (format.ElementBytes == sizeof(float))
        {
            for (int p = 0; p < columns; p++) ((float*)group)[(p * PackedFormat.GroupRows) + lane] = ((float*)source)[p];
            return;
        }
        for (int p = 0; p < columns; p++) ((ushort*)group)[(p * PackedFormat.GroupRows) + lane] = ((ushort*)source)[p];
    }
}
