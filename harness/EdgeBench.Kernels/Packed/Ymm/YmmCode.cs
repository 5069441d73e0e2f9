using System.Runtime.Intrinsics.X86;
using EdgeBench.Kernels.Emitted;
using EdgeBench.Kernels.Packed.Emitted;

namespace EdgeBench.Kernels.Packed.Ymm;

/// <summary>
/// A quantised format by AVX2, with AVX-VNNI or without: .NET 10 has no class for conversions from float16 (F16C), and its compiler keeps less in registers.
/// </summary>
internal sealed class YmmCode(PackedFormat format, bool hasVnni) : FormatCode(format)
{
    private const int VectorLanes = 8, FeatureLeaf = 1, HalfConversionBit = 29;

    private const string Instructions = "AVX2, FMA and F16C";

    private readonly ByteDots _sizes = ByteDots.Of(new(VectorLanes), format, hasVnni);

    /// <summary>Fastest first.</summary>
    public static IReadOnlyList<KernelSet> Sets { get; } =
    [
        new EmittedSet("avx2-vnni", HasInstructions() ? AvxVnni.IsSupported ? null : "AVX-VNNI" : Instructions, format => Of(format, hasVnni: true)),
        new EmittedSet("avx2", HasInstructions() ? null : Instructions, format => Of(format, hasVnni: false)),
    ];

    public override int Lanes => VectorLanes;

    public override int MostFewRows => QuantisedGemv.MostRows;

    public override int TileGroups => 1;

    public override int TileRows => _sizes.TileRows;

    public override int UnitLength => Format.UnitBlocks;

    public override int UnitPanelBytes => Format.UnitBlocks * new QuantisedPanel(Format).BlockBytes;

    public override int UnitXBytes => Format.UnitBlocks * ActivationBlock.Bytes;

    public override int FewGroups(int rows) => 1;

    public override void EmitPanel(Assembler code) => QuantisedPanel.Emit(code, Format, _sizes.TakesSigned && Format.LowBits == 8);

    public override void EmitFew(Assembler code, int groups, int rows) => QuantisedGemv.Emit(code, Format, ByteDots.Of(code, Format, hasVnni), rows);

    public override void EmitTile(Assembler code, int groups, int rows) => QuantisedTile.Emit(code, Format, ByteDots.Of(code, Format, hasVnni), rows);

    /// <summary>A float format's needs no AVX-VNNI.</summary>
    public static FormatCode Of(PackedFormat format, bool hasVnni) => format.IsFloat ? new FloatCode(format, VectorLanes) : new YmmCode(format, hasVnni);

    private static bool HasInstructions() =>
        Avx2.IsSupported && Fma.IsSupported && ((X86Base.CpuId(FeatureLeaf, 0).Ecx >> HalfConversionBit) & 1) == 1;
}
