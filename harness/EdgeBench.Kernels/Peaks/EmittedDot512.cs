using EdgeBench.Kernels.Emitted;
using EdgeBench.Kernels.Packed;

namespace EdgeBench.Kernels.Peaks;

/// <summary>vpdpbusd of 512 bits (AVX512_VNNI): 64 products of unsigned by signed bytes. Emitted, as the kernels that it bounds, for want of a class in .NET 10.</summary>
internal static unsafe class EmittedDot512
{
    private const string Instructions = "avx512-vnni";

    private const int Accumulators = 12, Operations = 128;

    private static readonly Lazy<nint> s_code = new(Emit);

    public static PeakLoop Loop { get; } =
        new(PeakKind.Int8, Instructions, KernelSets.All.Any(set => set.Name == Instructions && set.IsSupported), Accumulators * Operations, Run);

    private static long Run(nint data, long steps)
    {
        if (steps > 0) ((delegate* unmanaged<long*, void>)s_code.Value)(&steps);
        return steps;
    }

    // Products of zeros: integer units take the same time for all numbers.
    private static nint Emit()
    {
        Assembler code = new(lanes: 16);
        code.Load(Register.R11, Register.Rdi);
        for (int i = 0; i < Accumulators + 2; i++) code.Zero(i);
        int step = code.Position;
        for (int i = 0; i < Accumulators; i++) code.DotBytes(i, Accumulators, Accumulators + 1);
        code.Decrement(Register.R11);
        code.JumpIfNotZero(step);
        code.Return();
        return (nint)ExecutableMemory.Place(code.ToArray());
    }
}
