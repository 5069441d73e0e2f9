using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>Of a float format, with vectors of any width.</summary>
internal sealed class FloatCode(PackedFormat format, int lanes) : FormatCode(format)
{
    public override int Lanes => lanes;

    public override int MostFewRows => FloatGemv.MostRows(lanes);

    public override int TileGroups => lanes == 16 ? 4 : 1;

    public override int TileRows => 6;

    public override int UnitLength => 1;

    public override int UnitPanelBytes => Format.UnitColumns * FloatTile.ColumnBytes;

    public override int UnitXBytes => Format.UnitColumns * sizeof(float);

    public override int FewGroups(int rows) => FloatGemv.MostGroups(lanes, rows);

    public override void EmitPanel(Assembler code) => FloatTile.EmitPanel(code, Format);

    public override void EmitFew(Assembler code, int groups, int rows) => FloatGemv.Emit(code, Format, groups, rows);

    public override void EmitTile(Assembler code, int groups, int rows) => FloatTile.Emit(code, Format, groups, rows);
}
