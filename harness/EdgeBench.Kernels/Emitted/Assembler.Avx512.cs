namespace EdgeBench.Kernels.Emitted;

/// <summary>Instructions of AVX-512 on all 16 lanes, registers 0 to 31, EVEX-encoded.</summary>
internal sealed partial class Assembler
{
    /// <summary>Loads the mask of lanes of <see cref="LoadMasked(int, Memory)"/> and <see cref="StoreMasked(Memory, int)"/>.</summary>
    public void LoadMask(Register source)
    {
        // kmovw k1, r32 (VEX.L0.0F.W0 92 /r).
        if ((int)source >= 8) _code.AddRange([0xC4, 0xC1, 0x78, 0x92, (byte)(0xC8 | ((int)source & 7))]);
        else _code.AddRange([0xC5, 0xF8, 0x92, (byte)(0xC8 | (int)source)]);
    }

    /// <summary>Lanes outside the mask become zero, and their memory is not touched.</summary>
    public void LoadMasked(int target, Memory source) => Evex(Map0F, Plain, 0x10, target, 0, source, Words, flags: 0x81);

    public void StoreMasked(Memory target, int source) => Evex(Map0F, Plain, 0x11, source, 0, target, Words, flags: 0x01);

    /// <summary>target |= left &amp; right.</summary>
    public void OrAnd(int target, int left, int right)
    {
        Evex(Map0F3A, Prefix66, 0x25, target, left, right);
        _code.Add(0xF8);
    }

    /// <summary>As the other one, with four bytes of memory to all lanes on the right.</summary>
    public void DotBytes(int target, int left, Memory right) => Evex(Map0F38, Prefix66, 0x50, target, left, right, Single, flags: 0x10);

    /// <summary>As the other one, with one float of memory to all lanes on the right.</summary>
    public void MultiplyAdd(int target, int left, Memory right) => Evex(Map0F38, Prefix66, 0xB8, target, left, right, Single, flags: 0x10);

    /// <summary>target -= left · one float of memory, rounded once.</summary>
    public void MultiplySubtract(int target, int left, Memory right) => Evex(Map0F38, Prefix66, 0xBC, target, left, right, Single, flags: 0x10);

    private void Evex(int map, int prefix, byte opcode, int register, int second, Memory memory, int laneBytes, int flags = 0)
    {
        int index = memory.Scale > 0 ? (int)memory.Index : 0;
        EvexPrefix(map, prefix, register, second, (int)memory.Base >> 3, index >> 3, flags);
        _code.Add(opcode);
        // A short displacement counts the bytes that are read.
        Operand(register, memory, laneBytes == Single ? sizeof(float) : laneBytes * lanes);
    }

    private void Evex(int map, int prefix, byte opcode, int register, int second, int third)
    {
        EvexPrefix(map, prefix, register, second, (third >> 3) & 1, third >> 4, 0);
        _code.AddRange([opcode, (byte)(0xC0 | ((register & 7) << 3) | (third & 7))]);
    }

    /// <param name="flags">Zeroing (0x80), broadcast (0x10) and number of the mask.</param>
    private void EvexPrefix(int map, int prefix, int register, int second, int b, int x, int flags)
    {
        int first = ((~register >> 3) & 1) << 7 | (1 - x) << 6 | (1 - b) << 5 | ((~register >> 4) & 1) << 4 | map;
        const int Width512 = 0x40;
        _code.AddRange([0x62, (byte)first, (byte)((~second & 15) << 3 | 4 | prefix), (byte)(flags | Width512 | ((~second >> 4) & 1) << 3)]);
    }
}
