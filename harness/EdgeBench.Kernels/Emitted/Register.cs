namespace EdgeBench.Kernels.Emitted;

/// <summary>The general registers that a function may overwrite under the System V calling convention; the argument arrives in <see cref="Rdi"/>.</summary>
internal enum Register
{
    Rax = 0,
    Rcx = 1,
    Rdx = 2,
    Rsi = 6,
    Rdi = 7,
    R8 = 8,
    R9 = 9,
    R10 = 10,
    R11 = 11,
}

/// <summary>A place in memory: base + index · scale + displacement.</summary>
/// <param name="Scale">1, 2, 4 or 8; 0 without an index.</param>
internal readonly record struct Memory(Register Base, Register Index = default, int Scale = 0, int Displacement = 0)
{
    public static Memory operator +(Memory memory, int bytes) => memory with { Displacement = memory.Displacement + bytes };

    public static implicit operator Memory(Register register) => new(register);
}
