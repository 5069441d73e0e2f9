using CsCheck;
using EdgeBench.Kernels.Emitted;
using Iced.Intel;
using Assembler = EdgeBench.Kernels.Emitted.Assembler;
using Register = EdgeBench.Kernels.Emitted.Register;

namespace EdgeBench.Kernels.Tests.Emitted;

/// <summary>What the assembler writes, read back by another disassembler.</summary>
public class AssemblerTests
{
    private static readonly Register[] s_registers = Enum.GetValues<Register>();

    private static readonly Gen<Register> s_register = Gen.Int[0, s_registers.Length - 1].Select(i => s_registers[i]);

    private static readonly Gen<int> s_vector = Gen.Int[0, 31];

    private static readonly Gen<Memory> s_memory =
        from start in s_register
        from index in s_register
        from scale in Gen.Int[0, 4].Select(i => i == 0 ? 0 : 1 << (i - 1))
        from displacement in Gen.OneOf(Gen.Const(0), Gen.Int[-600, 600], Gen.Int[-150, 150].Select(i => i * 64), Gen.Int[-1 << 30, 1 << 30])
        select new Memory(start, scale == 0 ? default : index, scale, displacement);

    [Fact]
    public void Vectors_are_encoded_with_their_registers() => Gen.Select(s_vector, s_vector, s_vector).Sample((target, left, right) =>
    {
        Three(Mnemonic.Vpxord, (code, a, b, c) => code.Xor(a, b, c));
        Three(Mnemonic.Vpandd, (code, a, b, c) => code.And(a, b, c));
        Three(Mnemonic.Vpdpbusd, (code, a, b, c) => code.DotBytes(a, b, c));
        Three(Mnemonic.Vmulps, (code, a, b, c) => code.Multiply(a, b, c));
        Three(Mnemonic.Vfmadd231ps, (code, a, b, c) => code.MultiplyAdd(a, b, c));
        Assert.Equal(0xF8, Three(Mnemonic.Vpternlogd, (code, a, b, c) => code.OrAnd(a, b, c)).Immediate8);
        Two(Mnemonic.Vcvtdq2ps, code => code.ToFloat(target, left));
        Assert.Equal(7, Two(Mnemonic.Vpsrlw, code => code.Shift16(target, left, 7)).Immediate8);
        Assert.Equal(3, Two(Mnemonic.Vpsllw, code => code.Shift16(target, left, -3)).Immediate8);
        Assert.Equal(16, Two(Mnemonic.Vpslld, code => code.ShiftLeft32(target, left, 16)).Immediate8);

        Instruction Three(Mnemonic mnemonic, Action<Assembler, int, int, int> write)
        {
            Instruction instruction = Read(code => write(code, target, left, right));
            Assert.Equal(mnemonic, instruction.Mnemonic);
            Assert.Equal([Zmm(target), Zmm(left), Zmm(right)], new[] { instruction.Op0Register, instruction.Op1Register, instruction.Op2Register });
            return instruction;
        }

        Instruction Two(Mnemonic mnemonic, Action<Assembler> write)
        {
            Instruction instruction = Read(write);
            Assert.Equal(mnemonic, instruction.Mnemonic);
            Assert.Equal([Zmm(target), Zmm(left)], new[] { instruction.Op0Register, instruction.Op1Register });
            return instruction;
        }
    }, iter: 500);

    [Fact]
    public void Vectors_are_encoded_with_their_memory() => Gen.Select(s_vector, s_vector, s_memory).Sample((target, left, memory) =>
    {
        Check(Mnemonic.Vmovups, code => code.LoadVector(target, memory), 0);
        Check(Mnemonic.Vmovups, code => code.StoreVector(memory, target), 1);
        Instruction load = Check(Mnemonic.Vmovups, code => code.LoadMasked(target, memory), 0), store = Check(Mnemonic.Vmovups, code => code.StoreMasked(memory, target), 1);
        Assert.True(load.OpMask == Iced.Intel.Register.K1 && load.ZeroingMasking);
        Assert.True(store.OpMask == Iced.Intel.Register.K1 && !store.ZeroingMasking);
        Check(Mnemonic.Vpbroadcastd, code => code.Broadcast(target, memory), 0);
        Check(Mnemonic.Vcvtph2ps, code => code.LoadHalves(target, memory), 0);
        Check(Mnemonic.Vpmovzxwd, code => code.LoadWords(target, memory), 0);
        Check(Mnemonic.Vpmovsxbd, code => code.LoadBytes(target, memory), 0);
        Assert.False(Three(Mnemonic.Vmulps, code => code.Multiply(target, left, memory)).IsBroadcast);
        Assert.True(Three(Mnemonic.Vpdpbusd, code => code.DotBytes(target, left, memory)).IsBroadcast);
        Assert.True(Three(Mnemonic.Vfmadd231ps, code => code.MultiplyAdd(target, left, memory)).IsBroadcast);
        Assert.True(Three(Mnemonic.Vfnmadd231ps, code => code.MultiplySubtract(target, left, memory)).IsBroadcast);

        Instruction Three(Mnemonic mnemonic, Action<Assembler> write)
        {
            Instruction instruction = Check(mnemonic, write, 0);
            Assert.Equal(Zmm(left), instruction.Op1Register);
            return instruction;
        }

        Instruction Check(Mnemonic mnemonic, Action<Assembler> write, int operand)
        {
            Instruction instruction = Read(write);
            Assert.Equal((mnemonic, Zmm(target)), (instruction.Mnemonic, instruction.GetOpRegister(operand)));
            AssertMemory(memory, instruction);
            return instruction;
        }
    }, iter: 2000);

    [Fact]
    public void Integers_are_encoded() => Gen.Select(s_register, s_register, s_memory, Gen.Int).Sample((target, source, memory, value) =>
    {
        Check(Mnemonic.Mov, code => code.Load(target, memory), target);
        Check(Mnemonic.Lea, code => code.Address(target, memory), target);
        Check(Mnemonic.Add, code => code.Add(target, memory), target);
        Instruction store = Read(code => code.Store(memory, target));
        Assert.Equal((Mnemonic.Mov, General(target)), (store.Mnemonic, store.Op1Register));
        AssertMemory(memory, store);
        Instruction compare = Read(code => code.Compare(memory, -3)), less = Read(code => code.Decrement(memory));
        Assert.Equal((Mnemonic.Cmp, -3L, 8), (compare.Mnemonic, compare.Immediate8to64, compare.MemorySize.GetSize()));
        Assert.Equal((Mnemonic.Dec, 8), (less.Mnemonic, less.MemorySize.GetSize()));
        AssertMemory(memory, compare);
        AssertMemory(memory, less);
        Instruction move = Read(code => code.Move(target, source)), add = Read(code => code.Add(target, source)), plus = Read(code => code.Add(target, value));
        Assert.Equal((Mnemonic.Mov, General(target), General(source)), (move.Mnemonic, move.Op0Register, move.Op1Register));
        Assert.Equal((Mnemonic.Add, General(target), General(source)), (add.Mnemonic, add.Op0Register, add.Op1Register));
        Assert.Equal((Mnemonic.Add, General(target), (long)value), (plus.Mnemonic, plus.Op0Register, plus.Immediate32to64));
        Instruction down = Read(code => code.Decrement(target)), mask = Read(code => code.LoadMask(target));
        Assert.Equal((Mnemonic.Dec, General(target)), (down.Mnemonic, down.Op0Register));
        Assert.Equal((Mnemonic.Kmovw, Iced.Intel.Register.K1, General32(target)), (mask.Mnemonic, mask.Op0Register, mask.Op1Register));

        void Check(Mnemonic mnemonic, Action<Assembler> write, Register register)
        {
            Instruction instruction = Read(write);
            Assert.Equal((mnemonic, General(register)), (instruction.Mnemonic, instruction.Op0Register));
            AssertMemory(memory, instruction);
        }
    }, iter: 2000);

    [Fact]
    public void Jumps_land_where_they_should()
    {
        Assembler code = new();
        code.Decrement(Register.Rax);
        int start = code.Position, skip = code.JumpIfZero();
        code.Decrement(Register.R11);
        code.JumpIfNotZero(start);
        code.Land(skip);
        int end = code.Position;
        code.Return();
        Instruction[] all = [.. Decode(code)];
        Assert.Equal((Mnemonic.Je, (ulong)end), (all[1].Mnemonic, all[1].NearBranchTarget));
        Assert.Equal((Mnemonic.Jne, (ulong)start), (all[3].Mnemonic, all[3].NearBranchTarget));
        Assert.Equal([Mnemonic.Vzeroupper, Mnemonic.Ret], all[4..].Select(instruction => instruction.Mnemonic));
    }

    [Fact]
    public unsafe void Code_runs_where_the_system_allows_it()
    {
        if (ExecutableMemory.Missing is { } missing) Assert.Skip($"no emitted code here: it needs {missing}");
        Assembler code = new();
        code.Load(Register.Rax, Register.Rdi);
        code.Add(Register.Rax, 5);
        code.Store(Register.Rdi, Register.Rax);
        code.Return();
        long value = 37;
        ((delegate* unmanaged<long*, void>)ExecutableMemory.Place(code.ToArray()))(&value);
        Assert.Equal(42, value);
    }

    /// <summary>The one instruction that was written, and nothing after it.</summary>
    private static Instruction Read(Action<Assembler> write)
    {
        Assembler code = new();
        write(code);
        return Assert.Single(Decode(code));
    }

    private static IEnumerable<Instruction> Decode(Assembler code)
    {
        Decoder decoder = Decoder.Create(64, code.ToArray());
        while (decoder.IP < (ulong)code.Position)
        {
            Instruction instruction = decoder.Decode();
            Assert.False(instruction.IsInvalid);
            yield return instruction;
        }
    }

    private static void AssertMemory(Memory expected, Instruction actual)
    {
        Assert.Equal(General(expected.Base), actual.MemoryBase);
        Assert.Equal(expected.Displacement, (long)actual.MemoryDisplacement64);
        Assert.Equal(expected.Scale == 0 ? Iced.Intel.Register.None : General(expected.Index), actual.MemoryIndex);
        if (expected.Scale > 0) Assert.Equal(expected.Scale, actual.MemoryIndexScale);
    }

    private static Iced.Intel.Register Zmm(int number) => Iced.Intel.Register.ZMM0 + number;

    private static Iced.Intel.Register General(Register register) => Iced.Intel.Register.RAX + (int)register;

    private static Iced.Intel.Register General32(Register register) => Iced.Intel.Register.EAX + (int)register;
}
