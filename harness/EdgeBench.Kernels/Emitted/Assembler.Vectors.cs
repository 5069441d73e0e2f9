namespace EdgeBench.Kernels.Emitted;

/// <summary>Instructions on all lanes that both widths have, registers by number. Where a mask or a broadcast is part of the instruction it is AVX-512's alone.</summary>
internal sealed partial class Assembler
{
    private const int Plain = 0, Prefix66 = 1, Map0F = 1, Map0F38 = 2, Map0F3A = 3;

    // Bytes of memory for each lane; a single word is read for all of them.
    private const int Words = 4, Halves = 2, Bytes = 1, Single = 0;

    public void LoadVector(int target, Memory source) => Vector(Map0F, Plain, 0x10, target, 0, source, Words);

    public void StoreVector(Memory target, int source) => Vector(Map0F, Plain, 0x11, source, 0, target, Words);

    /// <summary>One word of 32 bits to all lanes.</summary>
    public void Broadcast(int target, Memory source) => Vector(Map0F38, Prefix66, 0x58, target, 0, source, Single);

    public void Zero(int target) => Xor(target, target, target);

    public void Xor(int target, int left, int right) => Vector(Map0F, Prefix66, 0xEF, target, left, right);

    public void And(int target, int left, int right) => Vector(Map0F, Prefix66, 0xDB, target, left, right);

    /// <summary>Shifts words of 16 bits, to the right for positive and to the left for negative counts.</summary>
    public void Shift16(int target, int source, int count)
    {
        Vector(Map0F, Prefix66, 0x71, count > 0 ? 2 : 6, target, source);
        _code.Add((byte)Math.Abs(count));
    }

    public void ShiftLeft32(int target, int source, byte count)
    {
        Vector(Map0F, Prefix66, 0x72, 6, target, source);
        _code.Add(count);
    }

    /// <summary>Each lane: target += Σ over four bytes of left (unsigned) · right (signed), not saturating (AVX512_VNNI, AVX-VNNI).</summary>
    public void DotBytes(int target, int left, int right) => Vector(Map0F38, Prefix66, 0x50, target, left, right);

    public void ToFloat(int target, int source) => Vector(Map0F, Plain, 0x5B, target, 0, source);

    public void Multiply(int target, int left, int right) => Vector(Map0F, Plain, 0x59, target, left, right);

    public void Multiply(int target, int left, Memory right) => Vector(Map0F, Plain, 0x59, target, left, right, Words);

    /// <summary>target += left · right, rounded once.</summary>
    public void MultiplyAdd(int target, int left, int right) => Vector(Map0F38, Prefix66, 0xB8, target, left, right);

    /// <summary>Numbers of float16 to float32 (AVX-512F, F16C).</summary>
    public void LoadHalves(int target, Memory source) => Vector(Map0F38, Prefix66, 0x13, target, 0, source, Halves);

    /// <summary>Words of 16 bits to 32 bits, upper bits zero.</summary>
    public void LoadWords(int target, Memory source) => Vector(Map0F38, Prefix66, 0x33, target, 0, source, Halves);

    /// <summary>Signed bytes to 32 bits.</summary>
    public void LoadBytes(int target, Memory source) => Vector(Map0F38, Prefix66, 0x21, target, 0, source, Bytes);

    private void Vector(int map, int prefix, byte opcode, int register, int second, Memory memory, int laneBytes)
    {
        if (lanes == 16) Evex(map, prefix, opcode, register, second, memory, laneBytes);
        else Vex(map, prefix, opcode, register, second, memory);
    }

    private void Vector(int map, int prefix, byte opcode, int register, int second, int third)
    {
        if (lanes == 16) Evex(map, prefix, opcode, register, second, third);
        else Vex(map, prefix, opcode, register, second, third);
    }
}
