using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>Code that widens a column of 16 rows to float32.</summary>
internal static class FloatUnit
{
    private const int BrainShift = 16;

    public static void LoadColumn(Assembler code, PackedFormat format, int target, Memory source)
    {
        switch (format.Name)
        {
            case "F32":
                code.LoadVector(target, source);
                break;
            case "F16":
                code.LoadHalves(target, source);
                break;
            default:
                code.LoadWords(target, source);
                code.ShiftLeft32(target, target, BrainShift);
                break;
        }
    }
}
