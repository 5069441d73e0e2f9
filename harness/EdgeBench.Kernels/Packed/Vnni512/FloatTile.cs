using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>
/// Up to four groups of weights as float32, column after column, times up to six activations: 24 sums, four weights, two activations in turn. The panel
/// has places for four groups whether they are there or not.
/// </summary>
internal static class FloatTile
{
    /// <summary>The most activations of a tile.</summary>
    public const int MostRows = 6;

    public const int PanelGroups = 4;

    public const int ColumnBytes = PanelGroups * GroupBytes;

    private const int GroupBytes = PackedFormat.GroupRows * sizeof(float), Weights = 24, X = 28;

    public static void Emit(Assembler code, PackedFormat format, int groups, int rows)
    {
        Activations activations = new(code, rows);
        Sums sums = new(code, groups, rows);
        activations.LoadStride();
        sums.LoadMask();
        int tile = code.Position;
        activations.Start();
        sums.Load();
        code.Load(Register.Rsi, Arguments.At(nameof(Arguments.Panel)));
        code.Load(Register.R11, Arguments.At(nameof(Arguments.Length)));
        int next = code.Position;
        for (int column = 0; column < format.UnitColumns; column++)
        {
            for (int group = 0; group < groups; group++)
                code.LoadVector(Weights + group, new Memory(Register.Rsi, Displacement: (column * ColumnBytes) + (group * GroupBytes)));
            for (int row = 0; row < rows; row++)
            {
                int x = X + (row % 4);
                code.Broadcast(x, activations.At(row) + (column * sizeof(float)));
                for (int group = 0; group < groups; group++) code.MultiplyAdd(sums.At(group, row), Weights + group, x);
            }
        }
        code.Add(Register.Rsi, format.UnitColumns * ColumnBytes);
        activations.Advance(format.UnitColumns * sizeof(float));
        code.Decrement(Register.R11);
        code.JumpIfNotZero(next);
        sums.Store();
        code.Move(Register.Rdx, Register.Rax);
        activations.NextTile();
        code.Decrement(Arguments.At(nameof(Arguments.Tiles)));
        code.JumpIfNotZero(tile);
        code.Return();
    }

    /// <summary>Code that widens a range of units of some groups into a panel.</summary>
    public static void EmitPanel(Assembler code, PackedFormat format)
    {
        code.Load(Register.Rdx, Arguments.At(nameof(Arguments.Weights)));
        code.Load(Register.R8, Arguments.At(nameof(Arguments.Panel)));
        int group = code.Position;
        code.Move(Register.Rsi, Register.Rdx);
        code.Move(Register.Rcx, Register.R8);
        code.Load(Register.R11, Arguments.At(nameof(Arguments.Length)));
        int next = code.Position;
        for (int column = 0; column < format.UnitColumns; column++)
        {
            FloatUnit.LoadColumn(code, format, column, new Memory(Register.Rsi, Displacement: column * PackedFormat.GroupRows * format.ElementBytes));
            code.StoreVector(new Memory(Register.Rcx, Displacement: column * ColumnBytes), column);
        }
        code.Add(Register.Rsi, format.UnitBytes);
        code.Add(Register.Rcx, format.UnitColumns * ColumnBytes);
        code.Decrement(Register.R11);
        code.JumpIfNotZero(next);
        code.Add(Register.Rdx, Arguments.At(nameof(Arguments.GroupBytes)));
        code.Add(Register.R8, GroupBytes);
        code.Decrement(Arguments.At(nameof(Arguments.Groups)));
        code.JumpIfNotZero(group);
        code.Return();
    }
}
