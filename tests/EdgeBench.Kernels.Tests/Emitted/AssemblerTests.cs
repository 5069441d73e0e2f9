using CsCheck;
using EdgeBench.Kernels.Emitted;
using Iced.Intel;
using Assembler = EdgeBench.Kernels.Emitted.Assembler;
using Register = EdgeBench.Kernels.Emitted.Register;

namespace EdgeBench.Kernels.Tests.Emitted;

/// <summary>What the assembler writes of integers and jumps, read back by another disassembler.</summary>
public class AssemblerTests
{
    [Fact]
    public void Integers_are_encoded() => Gen.Select(Written.Registers, Written.Registers, Written.Memories, Gen.Int).Sample((target, source, memory, value) =>
    {
        Check(Mnemonic.Mov, code => code.Load(target, memory), target);
        Check(Mnemonic.Lea, code => code.Address(target, memory), target);
        Check(Mnemonic.Add, code => code.Add(target, memory), target);
        Instruction store = Written.Read(code => code.Store(memory, target));
        Assert.Equal((Mnemonic.Mov, Written.General(target)), (store.Mnemonic, store.Op1Register));
        Written.AssertMemory(memory, store);
        Instruction compare = Written.Read(code => code.Compare(memory, -3)), less = Written.Read(code => code.Decrement(memory));
        Assert.Equal((Mnemonic.Cmp, -3L, 8), (compare.Mnemonic, compare.Immediate8to64, compare.MemorySize.GetSize()));
        Assert.Equal((Mnemonic.Dec, 8), (less.Mnemonic, less.MemorySize.GetSize()));
        foreach ((int level, Mnemonic mnemonic) in new[] { (1, Mnemonic.Prefetcht0), (2, Mnemonic.Prefetcht1), (3, Mnemonic.Prefetcht2) })
        {
            Instruction prefetch = Written.Read(code => code.Prefetch(memory, level));
            Assert.Equal(mnemonic, prefetch.Mnemonic);
            Written.AssertMemory(memory, prefetch);
        }
        Written.AssertMemory(memory, compare);
        Written.AssertMemory(memory, less);
        Instruction move = Written.Read(code => code.Move(target, source)), add = Written.Read(code => code.Add(target, source)), plus = Written.Read(code => code.Add(target, value));
        Assert.Equal((Mnemonic.Mov, Written.General(target), Written.General(source)), (move.Mnemonic, move.Op0Register, move.Op1Register));
        Assert.Equal((Mnemonic.Add, Written.General(target), Written.General(source)), (add.Mnemonic, add.Op0Register, add.Op1Register));
        Assert.Equal((Mnemonic.Add, Written.General(target), (long)value), (plus.Mnemonic, plus.Op0Register, plus.Immediate32to64));
        Instruction down = Written.Read(code => code.Decrement(target));
        Assert.Equal((Mnemonic.Dec, Written.General(target)), (down.Mnemonic, down.Op0Register));

        void Check(Mnemonic mnemonic, Action<Assembler> write, Register register)
        {
            Instruction instruction = Written.Read(write);
            Assert.Equal((mnemonic, Written.General(register)), (instruction.Mnemonic, instruction.Op0Register));
            Written.AssertMemory(memory, instruction);
        }
    }, iter: 2000);

    [Fact]
    public void Jumps_land_where_they_should()
    {
        Assembler code = new(lanes: 8);
        code.Decrement(Register.Rax);
        int start = code.Position, skip = code.JumpIfZero();
        code.Decrement(Register.R11);
        code.JumpIfNotZero(start);
        code.Land(skip);
        int end = code.Position;
        code.Return();
        Instruction[] all = [.. Written.Decode(code)];
        Assert.Equal((Mnemonic.Je, (ulong)end), (all[1].Mnemonic, all[1].NearBranchTarget));
        Assert.Equal((Mnemonic.Jne, (ulong)start), (all[3].Mnemonic, all[3].NearBranchTarget));
        Assert.Equal([Mnemonic.Vzeroupper, Mnemonic.Ret], all[4..].Select(instruction => instruction.Mnemonic));
    }

    [Fact]
    public unsafe void Code_runs_where_the_system_allows_it()
    {
        if (ExecutableMemory.Missing is { } missing) Assert.Skip($"no emitted code here: it needs {missing}");
        Assembler code = new(lanes: 8);
        code.Load(Register.Rax, Register.Rdi);
        code.Add(Register.Rax, 5);
        code.Store(Register.Rdi, Register.Rax);
        code.Return();
        long value = 37;
        ((delegate* unmanaged<long*, void>)ExecutableMemory.Place(code.ToArray()))(&value);
        Assert.Equal(42, value);
    }
}
