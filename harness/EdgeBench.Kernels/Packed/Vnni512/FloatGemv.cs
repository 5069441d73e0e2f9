using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>Few activations times one or two groups of float weights at once, read once and in order; two, because additions to one sum wait for each other.</summary>
internal static class FloatGemv
{
    /// <summary>The most groups at once.</summary>
    public const int MostGroups = 2;

    private const int Weights = 16, WeightRegisters = 12, X = 28;

    public static void Emit(Assembler code, PackedFormat format, int groups, int rows)
    {
        Activations activations = new(code, rows);
        Sums sums = new(code, groups, rows);
        int columnBytes = PackedFormat.GroupRows * format.ElementBytes;
        code.Load(Register.Rsi, Arguments.At(nameof(Arguments.Weights)));
        activations.LoadStride();
        sums.LoadMask();
        int group = code.Position;
        activations.Start();
        sums.Load();
        code.Load(Register.R11, Arguments.At(nameof(Arguments.Length)));
        code.Load(Register.Rax, Arguments.At(nameof(Arguments.GroupBytes)));
        int next = code.Position;
        for (int column = 0; column < format.UnitColumns; column++)
        {
            int weights = Weights + (column * groups % WeightRegisters), x = X + (column % 2);
            for (int i = 0; i < groups; i++) FloatUnit.LoadColumn(code, format, weights + i, new Memory(Register.Rsi, Register.Rax, i, column * columnBytes));
            for (int row = 0; row < rows; row++)
            {
                Memory place = activations.At(row) + (column * sizeof(float));
                if (groups > 1) code.Broadcast(x, place);
                for (int i = 0; i < groups; i++)
                {
                    if (groups > 1) code.MultiplyAdd(sums.At(i, row), weights + i, x);
                    else code.MultiplyAdd(sums.At(i, row), weights + i, place);
                }
            }
        }
        code.Add(Register.Rsi, format.UnitBytes);
        activations.Advance(format.UnitColumns * sizeof(float));
        code.Decrement(Register.R11);
        code.JumpIfNotZero(next);
        for (int i = 1; i < groups; i++) code.Add(Register.Rsi, Register.Rax);
        sums.Store();
        sums.NextGroups();
        code.Decrement(Arguments.At(nameof(Arguments.Groups)));
        code.JumpIfNotZero(group);
        code.Return();
    }
}
