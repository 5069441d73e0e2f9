using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>Code that widens weights of a column to float32.</summary>
internal static class FloatUnit
{
    private const int BrainShift = 16;

    public static void LoadVector(Assembler code, PackedFormat format, int target, Memory source)
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
