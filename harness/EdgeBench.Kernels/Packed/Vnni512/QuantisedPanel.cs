using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>
/// Four groups of quantised weights, expanded to what the tile needs: for each block eight quads of four groups as bytes, one or two scales of
/// four groups as float32, and minima where the format has them. Groups that are not there leave their places alone.
/// </summary>
internal readonly record struct QuantisedPanel(int Scales, bool HasMinimum)
{
    private const int Groups = FormatKernels.PanelGroups;

    private const int GroupBytes = 64, QuadBytes = Groups * GroupBytes, LevelBytes = 8 * QuadBytes;

    public QuantisedPanel(PackedFormat format)
        : this(format.Scales, format.HasMinimum)
    {
    }

    public int BlockBytes => LevelBytes + ((Scales + (HasMinimum ? 1 : 0)) * QuadBytes);

    public int MinimumAt => LevelBytes + (Scales * QuadBytes);

    public static int LevelsAt(int quad) => quad * QuadBytes;

    public static int ScaleAt(int part) => LevelBytes + (part * QuadBytes);

    /// <summary>Code that expands a range of units of some groups.</summary>
    public static void Emit(Assembler code, PackedFormat format)
    {
        QuantisedPanel panel = new(format);
        QuantisedUnit unit = new(code, format, Register.Rsi);
        unit.LoadMasks();
        code.Load(Register.Rdx, Arguments.At(nameof(Arguments.Weights)));
        code.Load(Register.R8, Arguments.At(nameof(Arguments.Panel)));
        int group = code.Position;
        code.Move(Register.Rsi, Register.Rdx);
        code.Move(Register.Rcx, Register.R8);
        code.Load(Register.R11, Arguments.At(nameof(Arguments.Length)));
        int next = code.Position;
        unit.LoadFactors();
        for (int block = 0; block < format.UnitBlocks; block++)
        {
            Memory target = new(Register.Rcx, Displacement: block * panel.BlockBytes);
            unit.LoadQuads(block);
            for (int quad = 0; quad < 8; quad++) code.StoreVector(target + LevelsAt(quad), QuantisedUnit.Quads + quad);
            for (int part = 0; part < panel.Scales; part++)
            {
                unit.LoadScale(block, part);
                code.StoreVector(target + ScaleAt(part), QuantisedUnit.Scale);
            }
            if (!panel.HasMinimum) continue;
            unit.LoadMinimum(block);
            code.StoreVector(target + panel.MinimumAt, QuantisedUnit.Minimum);
        }
        code.Add(Register.Rsi, format.UnitBytes);
        code.Add(Register.Rcx, format.UnitBlocks * panel.BlockBytes);
        code.Decrement(Register.R11);
        code.JumpIfNotZero(next);
        code.Add(Register.Rdx, Arguments.At(nameof(Arguments.GroupBytes)));
        code.Add(Register.R8, GroupBytes);
        code.Decrement(Arguments.At(nameof(Arguments.Groups)));
        code.JumpIfNotZero(group);
        code.Return();
    }
}
