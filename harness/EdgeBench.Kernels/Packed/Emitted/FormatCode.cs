using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>The machine code of one format in one kernel set, and the sizes that its functions work by.</summary>
internal abstract class FormatCode(PackedFormat format)
{
    /// <summary>Groups of a panel, which has places for all of them whether they are there or not.</summary>
    public const int PanelGroups = 4;

    public PackedFormat Format => format;

    /// <summary>Words of 32 bits of a vector.</summary>
    public abstract int Lanes { get; }

    /// <summary>Activations up to which weights are read where they lie; more of them use a panel.</summary>
    public abstract int MostFewRows { get; }

    /// <summary>Groups of a full tile, and its activations.</summary>
    public abstract int TileGroups { get; }

    public abstract int TileRows { get; }

    /// <summary>What a tile counts a unit as.</summary>
    public abstract int UnitLength { get; }

    public abstract int UnitPanelBytes { get; }

    /// <summary>Bytes of an activation for a unit.</summary>
    public abstract int UnitXBytes { get; }

    /// <summary>Groups that so many activations are multiplied with at once.</summary>
    public abstract int FewGroups(int rows);

    /// <summary>Writes the function that expands a range of units of some groups into a panel.</summary>
    public abstract void EmitPanel(Assembler code);

    /// <summary>Writes the function for few activations.</summary>
    public abstract void EmitFew(Assembler code, int groups, int rows);

    /// <summary>Writes the function for tiles of a panel.</summary>
    public abstract void EmitTile(Assembler code, int groups, int rows);
}
