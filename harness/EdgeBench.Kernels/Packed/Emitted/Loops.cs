using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>Where code keeps the sums of a tile, and how they come from Y and go there. Rax is left behind the last row by <see cref="Store"/>.</summary>
internal interface ITileSums
{
    /// <summary>Before the first tile.</summary>
    void LoadPlace();

    void Load();

    void Store();
}

/// <summary>The loops around a tile: over tiles of activations, and in each over the blocks (for floats: units) of a panel, at rsi.</summary>
internal static class TileLoops
{
    /// <param name="panelBytes">From one block to the next; likewise <paramref name="activationBytes"/>.</param>
    /// <param name="block">Emits what is done for a block.</param>
    public static void Emit<TSums>(Assembler code, Activations activations, TSums sums, int panelBytes, int activationBytes, Action block)
        where TSums : ITileSums
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
}
