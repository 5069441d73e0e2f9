using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Ymm;

/// <summary>Code for Σ weight · activation over quads of eight rows: how depends on the instructions and on what the levels of a format leave room for.</summary>
internal abstract class ByteDots(Assembler code, PackedFormat format)
{
    protected Assembler Code => code;

    /// <summary>Whether weights of eight bits are taken less 128.</summary>
    public virtual bool TakesSigned => false;

    /// <summary>Quads that are taken at once.</summary>
    public virtual int Quads => 1;

    /// <summary>The most activations of a tile.</summary>
    public virtual int TileRows => 4;

    /// <summary>In products of few activations, which keep two masks in the last vectors.</summary>
    public virtual DotRegisters Few => new(Weights: 8, X: 10, Temporary: 12);

    /// <summary>In tiles, with weights of two vectors.</summary>
    public virtual DotRegisters Tile => Few;

    public static ByteDots Of(Assembler code, PackedFormat format, bool hasVnni) => (hasVnni, format.LowBits + format.HighBits) switch
    {
        (true, _) => new VnniDots(code, format),
        (_, 4) => new NibbleDots(code, format),
        (_, 8) => new SignDots(code, format),
        _ => new PairDots(code, format),
    };

    /// <summary>Where in an activation's block sums start.</summary>
    /// <param name="scale">Of a block with two scales the first (0) or second.</param>
    public Memory StartAt(Memory block, int scale) => block + (ActivationBlock.StartAt(format, TakesSigned) + (scale * sizeof(int)));

    /// <summary>Starts a sum for which the activation's block is given.</summary>
    public virtual void Start(int dot, Memory block, int scale)
    {
        if (StartsAtZero) code.Zero(dot);
        else code.Broadcast(dot, StartAt(block, scale));
    }

    /// <summary>Once for each quad of weights.</summary>
    public virtual void Prepare(int weights)
    {
    }

    /// <summary>Adds <see cref="Quads"/> quads: weights and activations in vectors that follow each other.</summary>
    public abstract void Add(int dot, int weights, int x, int temporary);

    /// <summary>Leaves 32-bit words.</summary>
    public virtual void Finish(int dot, int temporary, Memory block, int scale)
    {
    }

    protected bool StartsAtZero => format.Zero == 0 || (TakesSigned && format.LowBits == 8);
}
