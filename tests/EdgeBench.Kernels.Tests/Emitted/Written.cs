using CsCheck;
using EdgeBench.Kernels.Emitted;
using Iced.Intel;
using Assembler = EdgeBench.Kernels.Emitted.Assembler;
using Register = EdgeBench.Kernels.Emitted.Register;

namespace EdgeBench.Kernels.Tests.Emitted;

/// <summary>What an assembler was given, and what another disassembler reads of it.</summary>
internal static class Written
{
    private static readonly Register[] s_registers = Enum.GetValues<Register>();

    public static Gen<Register> Registers { get; } = Gen.Int[0, s_registers.Length - 1].Select(i => s_registers[i]);

    public static Gen<Memory> Memories { get; } =
        from start in Registers
        from index in Registers
        from scale in Gen.Int[0, 4].Select(i => i == 0 ? 0 : 1 << (i - 1))
        from displacement in Gen.OneOf(Gen.Const(0), Gen.Int[-600, 600], Gen.Int[-150, 150].Select(i => i * 64), Gen.Int[-1 << 30, 1 << 30])
        select new Memory(start, scale == 0 ? default : index, scale, displacement);

    /// <summary>The one instruction that was written, and nothing after it.</summary>
    public static Instruction Read(Action<Assembler> write, int lanes = 8)
    {
        Assembler code = new(lanes);
        write(code);
        return Assert.Single(Decode(code));
    }

    public static IEnumerable<Instruction> Decode(Assembler code)
    {
        Decoder decoder = Decoder.Create(64, code.ToArray());
        while (decoder.IP < (ulong)code.Position)
        {
            Instruction instruction = decoder.Decode();
            Assert.False(instruction.IsInvalid);
            yield return instruction;
        }
    }

    public static void AssertMemory(Memory expected, Instruction actual)
    {
        Assert.Equal(General(expected.Base), actual.MemoryBase);
        Assert.Equal(expected.Displacement, (long)actual.MemoryDisplacement64);
        Assert.Equal(expected.Scale == 0 ? Iced.Intel.Register.None : General(expected.Index), actual.MemoryIndex);
        if (expected.Scale > 0) Assert.Equal(expected.Scale, actual.MemoryIndexScale);
    }

    public static Iced.Intel.Register General(Register register) => Iced.Intel.Register.RAX + (int)register;
}
