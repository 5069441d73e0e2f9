using EdgeBench.Kernels.Packed;
using EdgeBench.Kernels.Packed.Emitted;
using EdgeBench.Kernels.Packed.Ymm;
using Iced.Intel;
using Assembler = EdgeBench.Kernels.Emitted.Assembler;

namespace EdgeBench.Kernels.Tests.Emitted;

/// <summary>All functions of the sets of 256 bits, read by another disassembler: they run on processors that have less than the one that tests run on.</summary>
public class InstructionTests
{
    private static readonly CpuidFeature[] s_given =
        [CpuidFeature.INTEL8086, CpuidFeature.INTEL386, CpuidFeature.X64, CpuidFeature.SSE, CpuidFeature.AVX, CpuidFeature.AVX2, CpuidFeature.FMA, CpuidFeature.F16C];

    public static TheoryData<string> Formats => [.. PackedMatrix.Formats];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Functions_need_what_their_set_asks_for(string format)
    {
        PackedFormat layout = PackedFormat.Find(format)!;
        Assert.Empty(Features(YmmCode.Of(layout, hasVnni: false)).Except(s_given));
        Assert.Empty(Features(YmmCode.Of(layout, hasVnni: true)).Except([.. s_given, CpuidFeature.AVX_VNNI]));
    }

    private static HashSet<CpuidFeature> Features(FormatCode format)
    {
        Assembler code = new(format.Lanes);
        format.EmitPanel(code);
        for (int rows = 1; rows <= format.MostFewRows; rows++)
        {
            for (int groups = 1; groups <= format.FewGroups(rows); groups++) format.EmitFew(code, groups, rows);
        }
        for (int rows = 1; rows <= format.TileRows; rows++) format.EmitTile(code, format.TileGroups, rows);
        return [.. Written.Decode(code).SelectMany(instruction => instruction.Code.CpuidFeatures())];
    }
}
