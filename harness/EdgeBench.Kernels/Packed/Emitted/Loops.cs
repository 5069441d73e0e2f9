using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>The loops around what a function does for a unit of weights or a block of a panel, which are at rsi.</summary>
internal static class Loops
{
    /// <summary>Few activations: over groups where they lie, in as many streams as are taken at once, and in each over its units.</summary>
    /// <param name="groups">Streams; the first is at rsi, the others at multiples of rax from there.</param>
    /// <param name="activationBytes">Of an activation for a unit.</param>
    public static void Groups<TSums>(Assembler code, PackedFormat format, Activations activations, TSums sums, int groups, int activationBytes, Action unit)
        where TSums : ISums
    {
        code.Load(Register.Rsi, Arguments.At(nameof(Arguments.Weights)));
        activations.LoadStride();
        sums.LoadPlace();
        int set = code.Position;
        sums.Load();
        activations.Start();
        code.Load(Register.R11, Arguments.At(nameof(Arguments.Length)));
        if (groups > 1) code.Load(Register.Rax, Arguments.At(nameof(Arguments.StreamBytes)));
        int next = code.Position;
        unit();
        code.Add(Register.Rsi, format.UnitBytes);
        activations.Advance(activationBytes);
        code.Decrement(Register.R11);
        code.JumpIfNotZero(next);
        sums.Store();
        sums.NextGroups();
        code.Decrement(Arguments.At(nameof(Arguments.Groups)));
        code.JumpIfNotZero(set);
        code.Return();
    }

    /// <summary>An expanded panel: over tiles of activations, and in each over the blocks (for floats: units) of the panel.</summary>
    /// <param name="panelBytes">From one block to the next; likewise <paramref name="activationBytes"/>.</param>
    public static void Tiles<TSums>(Assembler code, Activations activations, TSums sums, int panelBytes, int activationBytes, Action block)
        where TSums : ISums
    {
        activations.LoadStride();
        sums.LoadPlace();
        int tile = code.Position;
        activations.Start();
        sums.Load();
        code.Load(Register.Rsi, Arguments.At(nameof(Arguments.Panel)));
        code.Load(Register.R11, Arguments.At(nameof(Arguments.Length)));
        int next = code.Position;
        block();
        code.Add(Register.Rsi, panelBytes);
        activations.Advance(activationBytes);
        code.Decrement(Register.R11);
        code.JumpIfNotZero(next);
        sums.Store();
        code.Move(Register.Rdx, Register.Rax);
        activations.NextTile();
        code.Decrement(Arguments.At(nameof(Arguments.Tiles)));
        code.JumpIfNotZero(tile);
        code.Return();
    }

    /// <summary>Expanding: over groups, and in each over its units; the place in the panel is at rcx.</summary>
    /// <param name="panelBytes">Of a unit of all groups of a panel, which lie beside each other line by line.</param>
    public static void Panel(Assembler code, PackedFormat format, int panelBytes, Action unit)
    {
        const int GroupBytes = PackedFormat.GroupRows * sizeof(float);
        code.Load(Register.Rdx, Arguments.At(nameof(Arguments.Weights)));
        code.Load(Register.R8, Arguments.At(nameof(Arguments.Panel)));
        int group = code.Position;
        code.Move(Register.Rsi, Register.Rdx);
        code.Move(Register.Rcx, Register.R8);
        code.Load(Register.R11, Arguments.At(nameof(Arguments.Length)));
        int next = code.Position;
        unit();
        code.Add(Register.Rsi, format.UnitBytes);
        code.Add(Register.Rcx, panelBytes);
        code.Decrement(Register.R11);
        code.JumpIfNotZero(next);
        code.Add(Register.Rdx, Arguments.At(nameof(Arguments.GroupBytes)));
        code.Add(Register.R8, GroupBytes);
        code.Decrement(Arguments.At(nameof(Arguments.Groups)));
        code.JumpIfNotZero(group);
        code.Return();
    }
}
