namespace EdgeBench.Kernels.Emitted;

/// <summary>Instructions of AVX2 and FMA on eight lanes, registers 0 to 15, VEX-encoded.</summary>
internal sealed partial class Assembler
{
    /// <summary>Lanes whose sign bit is not set in <paramref name="mask"/> become zero, and their memory is not touched.</summary>
    public void LoadMasked(int target, int mask, Memory source) => Vex(Map0F38, Prefix66, 0x2C, target, mask, source);

    public void StoreMasked(Memory target, int mask, int source) => Vex(Map0F38, Prefix66, 0x2E, source, mask, target);

    public void Or(int target, int left, int right) => Vex(Map0F, Prefix66, 0xEB, target, left, right);

    public void Xor(int target, int left, Memory right) => Vex(Map0F, Prefix66, 0xEF, target, left, right);

    /// <summary>Words of 16 bits.</summary>
    public void Add16(int target, int left, int right) => Vex(Map0F, Prefix66, 0xFD, target, left, right);

    public void Add32(int target, int left, int right) => Vex(Map0F, Prefix66, 0xFE, target, left, right);

    /// <summary>Magnitudes of bytes.</summary>
    public void Abs8(int target, int source) => Vex(Map0F38, Prefix66, 0x1C, target, 0, source);

    /// <summary>Bytes of <paramref name="left"/> with the signs of those of <paramref name="right"/>, zero where that is zero.</summary>
    public void Sign8(int target, int left, int right) => Vex(Map0F38, Prefix66, 0x08, target, left, right);

    /// <summary>Each word of 16 bits: two products of bytes of left (unsigned) and right (signed), saturating.</summary>
    public void DotPairs8(int target, int left, int right) => Vex(Map0F38, Prefix66, 0x04, target, left, right);

    /// <summary>Each lane: two products of signed words of 16 bits.</summary>
    public void DotPairs16(int target, int left, Memory right) => Vex(Map0F, Prefix66, 0xF5, target, left, right);

    /// <summary>target = target · left + memory, rounded once.</summary>
    public void MultiplyThenAdd(int target, int left, Memory right) => Vex(Map0F38, Prefix66, 0xA8, target, left, right);

    /// <summary>target -= left · right, rounded once.</summary>
    public void MultiplySubtract(int target, int left, int right) => Vex(Map0F38, Prefix66, 0xBC, target, left, right);

    private void Vex(int map, int prefix, byte opcode, int register, int second, Memory memory)
    {
        int index = memory.Scale > 0 ? (int)memory.Index : 0;
        VexPrefix(map, prefix, register, second, (int)memory.Base >> 3, index >> 3);
        _code.Add(opcode);
        Operand(register, memory, 1);
    }

    private void Vex(int map, int prefix, byte opcode, int register, int second, int third)
    {
        VexPrefix(map, prefix, register, second, third >> 3, 0);
        _code.AddRange([opcode, (byte)(0xC0 | ((register & 7) << 3) | (third & 7))]);
    }

    private void VexPrefix(int map, int prefix, int register, int second, int b, int x)
    {
        const int Width256 = 4;
        int first = (1 - (register >> 3)) << 7 | (1 - x) << 6 | (1 - b) << 5 | map;
        _code.AddRange([0xC4, (byte)first, (byte)((~second & 15) << 3 | Width256 | prefix)]);
    }
}
