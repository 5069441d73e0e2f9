namespace EdgeBench.Kernels.Emitted;

/// <summary>Instructions of AVX-512 on all 16 lanes, registers by number (0 to 31), always EVEX-encoded.</summary>
internal sealed partial class Assembler
{
    private const int Plain = 0, Prefix66 = 1, Map0F = 1, Map0F38 = 2, Map0F3A = 3;

    // Bytes that one step of a short displacement counts: the size of what is read.
    private const int Whole = 64, HalfWords = 32, Bytes = 16, Single = 4;

    public void LoadVector(int target, Memory source) => Evex(Map0F, Plain, 0x10, target, 0, source, Whole);

    public void StoreVector(Memory target, int source) => Evex(Map0F, Plain, 0x11, source, 0, target, Whole);

    /// <summary>Lanes outside the mask become zero, and their memory is not touched.</summary>
    public void LoadMasked(int target, Memory source) => Evex(Map0F, Plain, 0x10, target, 0, source, Whole, flags: 0x81);

    public void StoreMasked(Memory target, int source) => Evex(Map0F, Plain, 0x11, source, 0, target, Whole, flags: 0x01);

    /// <summary>One word of 32 bits to all lanes.</summary>
    public void Broadcast(int target, Memory source) => Evex(Map0F38, Prefix66, 0x58, target, 0, source, Single);

    public void Zero(int target) => Xor(target, target, target);

    public void Xor(int target, int left, int right) => Evex(Map0F, Prefix66, 0xEF, target, left, right);

    public void And(int target, int left, int right) => Evex(Map0F, Prefix66, 0xDB, target, left, right);

    /// <summary>target |= left &amp; right.</summary>
    public void OrAnd(int target, int left, int right)
    {
        Evex(Map0F3A, Prefix66, 0x25, target, left, right);
        _code.Add(0xF8);
    }

    /// <summary>Shifts words of 16 bits, to the right for positive and to the left for negative counts.</summary>
    public void Shift16(int target, int source, int count)
    {
        Evex(Map0F, Prefix66, 0x71, count > 0 ? 2 : 6, target, source);
        _code.Add((byte)Math.Abs(count));
    }

    public void ShiftLeft32(int target, int source, byte count)
    {
        Evex(Map0F, Prefix66, 0x72, 6, target, source);
        _code.Add(count);
    }

    /// <summary>Each lane: target += Σ over four bytes of left (unsigned) · right (signed), not saturating (VNNI).</summary>
    public void DotBytes(int target, int left, int right) => Evex(Map0F38, Prefix66, 0x50, target, left, right);

    /// <summary>As the other one, with four bytes of memory to all lanes on the right.</summary>
    public void DotBytes(int target, int left, Memory right) => Evex(Map0F38, Prefix66, 0x50, target, left, right, Single, flags: 0x10);

    public void ToFloat(int target, int source) => Evex(Map0F, Plain, 0x5B, target, 0, source);

    public void Multiply(int target, int left, int right) => Evex(Map0F, Plain, 0x59, target, left, right);

    public void Multiply(int target, int left, Memory right) => Evex(Map0F, Plain, 0x59, target, left, right, Whole);

    /// <summary>target += left · right, rounded once.</summary>
    public void MultiplyAdd(int target, int left, int right) => Evex(Map0F38, Prefix66, 0xB8, target, left, right);

    /// <summary>As the other one, with one float of memory to all lanes on the right.</summary>
    public void MultiplyAdd(int target, int left, Memory right) => Evex(Map0F38, Prefix66, 0xB8, target, left, right, Single, flags: 0x10);

    /// <summary>target -= left · one float of memory, rounded once.</summary>
    public void MultiplySubtract(int target, int left, Memory right) => Evex(Map0F38, Prefix66, 0xBC, target, left, right, Single, flags: 0x10);

    /// <summary>16 numbers of float16 to float32.</summary>
    public void LoadHalves(int target, Memory source) => Evex(Map0F38, Prefix66, 0x13, target, 0, source, HalfWords);

    /// <summary>16 words of 16 bits to 32 bits, upper bits zero.</summary>
    public void LoadWords(int target, Memory source) => Evex(Map0F38, Prefix66, 0x33, target, 0, source, HalfWords);

    /// <summary>16 signed bytes to 32 bits.</summary>
    public void LoadBytes(int target, Memory source) => Evex(Map0F38, Prefix66, 0x21, target, 0, source, Bytes);

    private void Evex(int map, int prefix, byte opcode, int register, int second, Memory memory, int unit, int flags = 0)
    {
        int index = memory.Scale > 0 ? (int)memory.Index : 0;
        EvexPrefix(map, prefix, register, second, (int)memory.Base >> 3, index >> 3, flags);
        _code.Add(opcode);
        Operand(register, memory, unit);
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
