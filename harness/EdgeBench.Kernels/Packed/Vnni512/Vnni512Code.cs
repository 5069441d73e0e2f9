using System.Runtime.Intrinsics.X86;
using EdgeBench.Kernels.Emitted;
using EdgeBench.Kernels.Packed.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>
/// A quantised format by AVX512_VNNI: .NET 10 has no class for <c>vpdpbusd</c> on 512 bits, nor for conversions from float16.
/// </summary>
internal sealed class Vnni512Code(PackedFormat format) : FormatCode(format)
{
    private const int VectorLanes = 16, FeatureLeaf = 7, VnniBit = 11;

    public static KernelSet Set { get; } =
        new EmittedSet("avx512-vnni", HasInstructions() ? null : "AVX512_VNNI", format => format.IsFloat ? new FloatCode(format, VectorLanes) : new Vnni512Code(format));

    public override int Lanes => VectorLanes;

    public override int MostFewRows => QuantisedGemv.MostRows;

    public override int TileGroups => PanelGroups;

    public override int TileRows => QuantisedTile.MostRows;

    public override int UnitLength => Format.UnitBlocks;

    public override int UnitPanelBytes => Format.UnitBlocks * new QuantisedPanel(Format).BlockBytes;

    public override int UnitXBytes => Format.UnitBlocks * ActivationBlock.Bytes;

    public override int FewGroups(int rows) => QuantisedGemv.MostGroups(rows);

    public override void EmitPanel(Assembler code) => QuantisedPanel.Emit(code, Format);

    public override void EmitFew(Assembler code, int groups, int rows) => QuantisedGemv.Emit(code, Format, groups, rows);

    public override void EmitTile(Assembler code, int groups, int rows) => QuantisedTile.Emit(code, Format, groups, rows);

    private static bool HasInstructions() =>
        Avx512BW.IsSupported && Avx512DQ.IsSupported && ((X86Base.CpuId(FeatureLeaf, 0).Ecx >> VnniBit) & 1) == 1;
}
