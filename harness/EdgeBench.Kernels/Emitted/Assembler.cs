using System.Buffers.Binary;
using System.Numerics;

namespace EdgeBench.Kernels.Emitted;

/// <summary>
/// Machine code for x86-64: the integer instructions that loops need, and vectors of one width. Encodings: Intel 64 and IA-32 Architectures Software
/// Developer's Manual, volume 2.
/// </summary>
/// <param name="lanes">Words of 32 bits of a vector: 16 (AVX-512) or 8 (AVX2).</param>
internal sealed partial class Assembler(int lanes)
{
    private const byte RexW = 0x48;

    private readonly List<byte> _code = [];

    public int Lanes => lanes;

    /// <summary>Vector registers: 32 of 512 bits, 16 of 256.</summary>
    public int Registers => 2 * lanes;

    public int VectorBytes => sizeof(float) * lanes;

    public int Position => _code.Count;

    public byte[] ToArray() => [.. _code];

    public void Align(int bytes)
    {
        while (_code.Count % bytes != 0) _code.Add(0xCC);
    }

    public void Load(Register target, Memory source) => Integer(0x8B, (int)target, source);

    public void Store(Memory target, Register source) => Integer(0x89, (int)source, target);

    public void Move(Register target, Register source) => Integer(0x8B, (int)target, source);

    public void Address(Register target, Memory source) => Integer(0x8D, (int)target, source);

    public void Add(Register target, Register source) => Integer(0x03, (int)target, source);

    public void Add(Register target, Memory source) => Integer(0x03, (int)target, source);

    public void Add(Register target, int value)
    {
        Integer(0x81, 0, target);
        Word(value);
    }

    /// <summary>Sets the flags by comparing a 64-bit word in memory with a small number.</summary>
    public void Compare(Memory left, sbyte right)
    {
        Integer(0x83, 7, left);
        _code.Add((byte)right);
    }

    public void Decrement(Register target) => Integer(0xFF, 1, target);

    public void Decrement(Memory target) => Integer(0xFF, 1, target);

    /// <summary>Asks for a cache line; any address will do.</summary>
    /// <param name="cacheLevel">1 to 3.</param>
    public void Prefetch(Memory source, int cacheLevel)
    {
        // prefetcht0 to prefetcht2: 0F 18 /1 to /3.
        Rex(0x40, cacheLevel, source);
        _code.AddRange([0x0F, 0x18]);
        Operand(cacheLevel, source, 1);
    }

    public void JumpIfNotZero(int target) => Jump(0x85, target);

    /// <summary>A jump forward whose target is set by <see cref="Land"/>.</summary>
    public int JumpIfZero() => Forward([0x0F, 0x84]);

    public int Jump() => Forward([0xE9]);

    public void Land(int jump)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Position - jump);
        for (int i = 0; i < sizeof(int); i++) _code[jump - sizeof(int) + i] = bytes[i];
    }

    /// <summary>Clears the upper halves of vector registers, as callers without AVX expect, and returns.</summary>
    public void Return() => _code.AddRange([0xC5, 0xF8, 0x77, 0xC3]);

    private void Jump(byte condition, int target)
    {
        _code.AddRange([0x0F, condition]);
        Word(target - Position - sizeof(int));
    }

    private int Forward(ReadOnlySpan<byte> opcode)
    {
        _code.AddRange(opcode);
        Word(0);
        return Position;
    }

    private void Integer(byte opcode, int register, Memory memory)
    {
        Rex(RexW, register, memory);
        _code.Add(opcode);
        Operand(register, memory, 1);
    }

    private void Integer(byte opcode, int register, Register direct)
    {
        _code.AddRange([(byte)(RexW | (register >> 3 << 2) | ((int)direct >> 3)), opcode, (byte)(0xC0 | ((register & 7) << 3) | ((int)direct & 7))]);
    }

    private void Rex(int prefix, int register, Memory memory) =>
        _code.Add((byte)(prefix | (register >> 3 << 2) | ((int)memory.Index >> 3 << 1) | ((int)memory.Base >> 3)));

    /// <summary>ModRM, SIB and displacement; a displacement of eight bits counts <paramref name="unit"/> bytes.</summary>
    private void Operand(int register, Memory memory, int unit)
    {
        int compressed = memory.Displacement / unit;
        bool isShort = memory.Displacement % unit == 0 && compressed is >= sbyte.MinValue and <= sbyte.MaxValue;
        // Base 12 would need an SIB byte and base 13 a displacement; Register has neither.
        int mode = memory.Displacement == 0 ? 0 : isShort ? 0x40 : 0x80;
        _code.Add((byte)(mode | ((register & 7) << 3) | (memory.Scale > 0 ? 4 : (int)memory.Base & 7)));
        if (memory.Scale > 0) _code.Add((byte)((BitOperations.Log2((uint)memory.Scale) << 6) | (((int)memory.Index & 7) << 3) | ((int)memory.Base & 7)));
        if (mode == 0x40) _code.Add((byte)(sbyte)compressed);
        if (mode == 0x80) Word(memory.Displacement);
    }

    private void Word(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _code.AddRange(bytes);
    }
}
