using System.Runtime.Intrinsics.X86;
using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>
/// Machine code that is written when a format is first used: .NET 10 has no class for <c>vpdpbusd</c> on 512 bits (AVX512_VNNI), nor for conversions from float16.
/// </summary>
internal sealed class Vnni512Set : KernelSet
{
    private const int FeatureLeaf = 7, VnniBit = 11;

    private readonly Dictionary<PackedFormat, Lazy<FormatKernels>> _formats =
        PackedFormat.All.ToDictionary(format => format, format => new Lazy<FormatKernels>(() => new(format)));

    public override string Name => "avx512-vnni";

    public override string? Missing { get; } = HasInstructions() ? ExecutableMemory.Missing : "AVX512_VNNI";

    internal override void Multiply(in PackedTask task) => EmittedProduct.Run(_formats[task.Weights.Layout].Value, task);

    private static bool HasInstructions() =>
        Avx512BW.IsSupported && Avx512DQ.IsSupported && ((X86Base.CpuId(FeatureLeaf, 0).Ecx >> VnniBit) & 1) == 1;
}
