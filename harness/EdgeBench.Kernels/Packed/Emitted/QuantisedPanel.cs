using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>
/// Four groups of quantised weights, expanded to what the tile needs: for each block eight quads of four groups as bytes, one or two scales of
/// four groups as float32, and minima where the format has them. Groups that are not there leave their places alone.
/// </summary>
internal readonly record struct QuantisedPanel(int Scales, bool HasMinimum)
{
    private const int GroupBytes = 64, QuadBytes = FormatCode.PanelGroups * GroupBytes, LevelBytes = 8 * QuadBytes;

    public QuantisedPanel(PackedFormat format)
        : this(format.Scales, format.HasMinimum)
    {
    }

    public int BlockBytes => LevelBytes + ((Scales + (HasMinimum ? 1 : 0)) * QuadBytes);

    public int MinimumAt => LevelBytes + (Scales * QuadBytes);

    public static int LevelsAt(int quad) => quad * QuadBytes;

    public static int ScaleAt(int part) => LevelBytes + (part * QuadBytes);

    /// <summary>Code that expands a range of units of some groups.</summary>
    /// <param name="isSigned">Levels of eight bits become signed.</param>
    public static void Emit(Assembler code, PackedFormat format, bool isSigned = false)
    {
        QuantisedPanel panel = new(format);
        QuantisedUnit unit = new(code, format, Register.Rsi, isSigned);
        unit.LoadMasks();
        Loops.Panel(code, format, format.UnitBlocks * panel.BlockBytes, () =>
        {
            for (int part = 0; part < PackedFormat.GroupRows / code.Lanes; part++)
            {
                unit.LoadFactors(part);
                for (int block = 0; block < format.UnitBlocks; block++) panel.EmitBlock(code, unit, block, part);
            }
        });
    }

    private void EmitBlock(Assembler code, QuantisedUnit unit, int block, int part)
    {
        Memory target = new(Register.Rcx, Displacement: (block * BlockBytes) + (part * code.VectorBytes));
        unit.LoadQuads(block, part);
        for (int quad = 0; quad < 8; quad++) code.StoreVector(target + LevelsAt(quad), unit.Quads + quad);
        for (int scale = 0; scale < Scales; scale++)
        {
            unit.LoadScale(block, scale, part);
            code.StoreVector(target + ScaleAt(scale), unit.Scale);
        }
        if (!HasMinimum) return;
        unit.LoadMinimum(block, part);
        code.StoreVector(target + MinimumAt, unit.Minimum);
    }
}
