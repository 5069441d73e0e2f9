using CsCheck;
using Iced.Intel;
using Assembler = EdgeBench.Kernels.Emitted.Assembler;

namespace EdgeBench.Kernels.Tests.Emitted;

/// <summary>What the assembler writes of vectors of either width, read back by another disassembler.</summary>
public class VectorTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void Registers_are_encoded(int lanes) => Gen.Select(Numbers(lanes), Numbers(lanes), Numbers(lanes)).Sample((target, left, right) =>
    {
        Three(lanes == 16 ? Mnemonic.Vpxord : Mnemonic.Vpxor, code => code.Xor(target, left, right));
        Three(lanes == 16 ? Mnemonic.Vpandd : Mnemonic.Vpand, code => code.And(target, left, right));
        Three(Mnemonic.Vpdpbusd, code => code.DotBytes(target, left, right));
        Three(Mnemonic.Vmulps, code => code.Multiply(target, left, right));
        Three(Mnemonic.Vfmadd231ps, code => code.MultiplyAdd(target, left, right));
        Two(Mnemonic.Vcvtdq2ps, code => code.ToFloat(target, left));
        Assert.Equal(7, Two(Mnemonic.Vpsrlw, code => code.Shift16(target, left, 7)).Immediate8);
        Assert.Equal(3, Two(Mnemonic.Vpsllw, code => code.Shift16(target, left, -3)).Immediate8);
        Assert.Equal(16, Two(Mnemonic.Vpslld, code => code.ShiftLeft32(target, left, 16)).Immediate8);
        if (lanes == 16)
        {
            Assert.Equal(0xF8, Three(Mnemonic.Vpternlogd, code => code.OrAnd(target, left, right)).Immediate8);
            return;
        }
        Three(Mnemonic.Vpor, code => code.Or(target, left, right));
        Three(Mnemonic.Vpaddw, code => code.Add16(target, left, right));
        Three(Mnemonic.Vpaddd, code => code.Add32(target, left, right));
        Three(Mnemonic.Vpsignb, code => code.Sign8(target, left, right));
        Three(Mnemonic.Vpmaddubsw, code => code.DotPairs8(target, left, right));
        Three(Mnemonic.Vfnmadd231ps, code => code.MultiplySubtract(target, left, right));
        Two(Mnemonic.Vpabsb, code => code.Abs8(target, left));

        Instruction Three(Mnemonic mnemonic, Action<Assembler> write)
        {
            Instruction instruction = Two(mnemonic, write);
            Assert.Equal(Vector(lanes, right), instruction.Op2Register);
            return instruction;
        }

        Instruction Two(Mnemonic mnemonic, Action<Assembler> write)
        {
            Instruction instruction = Read(write, lanes);
            Assert.Equal(mnemonic, instruction.Mnemonic);
            Assert.Equal([Vector(lanes, target), Vector(lanes, left)], new[] { instruction.Op0Register, instruction.Op1Register });
            return instruction;
        }
    }, iter: 500);

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void Memory_is_encoded(int lanes) => Gen.Select(Numbers(lanes), Numbers(lanes), Written.Memories).Sample((target, left, memory) =>
    {
        Check(Mnemonic.Vmovups, code => code.LoadVector(target, memory), 0);
        Check(Mnemonic.Vmovups, code => code.StoreVector(memory, target), 1);
        Check(Mnemonic.Vpbroadcastd, code => code.Broadcast(target, memory), 0);
        Check(Mnemonic.Vcvtph2ps, code => code.LoadHalves(target, memory), 0);
        Check(Mnemonic.Vpmovzxwd, code => code.LoadWords(target, memory), 0);
        Check(Mnemonic.Vpmovsxbd, code => code.LoadBytes(target, memory), 0);
        Assert.False(Three(Mnemonic.Vmulps, code => code.Multiply(target, left, memory)).IsBroadcast);
        if (lanes == 8)
        {
            Three(Mnemonic.Vpxor, code => code.Xor(target, left, memory));
            Three(Mnemonic.Vpmaddwd, code => code.DotPairs16(target, left, memory));
            Three(Mnemonic.Vfmadd213ps, code => code.MultiplyThenAdd(target, left, memory));
            Three(Mnemonic.Vmaskmovps, code => code.LoadMasked(target, left, memory));
            Assert.Equal(Vector(lanes, left), Check(Mnemonic.Vmaskmovps, code => code.StoreMasked(memory, left, target), 2).Op1Register);
            return;
        }
        Instruction load = Check(Mnemonic.Vmovups, code => code.LoadMasked(target, memory), 0), store = Check(Mnemonic.Vmovups, code => code.StoreMasked(memory, target), 1);
        Assert.True(load.OpMask == Iced.Intel.Register.K1 && load.ZeroingMasking);
        Assert.True(store.OpMask == Iced.Intel.Register.K1 && !store.ZeroingMasking);
        Assert.True(Three(Mnemonic.Vpdpbusd, code => code.DotBytes(target, left, memory)).IsBroadcast);
        Assert.True(Three(Mnemonic.Vfmadd231ps, code => code.MultiplyAdd(target, left, memory)).IsBroadcast);
        Assert.True(Three(Mnemonic.Vfnmadd231ps, code => code.MultiplySubtract(target, left, memory)).IsBroadcast);

        Instruction Three(Mnemonic mnemonic, Action<Assembler> write)
        {
            Instruction instruction = Check(mnemonic, write, 0);
            Assert.Equal(Vector(lanes, left), instruction.Op1Register);
            return instruction;
        }

        Instruction Check(Mnemonic mnemonic, Action<Assembler> write, int operand)
        {
            Instruction instruction = Read(write, lanes);
            Assert.Equal((mnemonic, Vector(lanes, target)), (instruction.Mnemonic, instruction.GetOpRegister(operand)));
            Written.AssertMemory(memory, instruction);
            return instruction;
        }
    }, iter: 2000);

    [Fact]
    public void The_mask_is_loaded_from_a_register() => Written.Registers.Sample(source =>
    {
        Instruction mask = Read(code => code.LoadMask(source), lanes: 16);
        Assert.Equal((Mnemonic.Kmovw, Iced.Intel.Register.K1, Iced.Intel.Register.EAX + (int)source), (mask.Mnemonic, mask.Op0Register, mask.Op1Register));
    });

    private static Gen<int> Numbers(int lanes) => Gen.Int[0, (2 * lanes) - 1];

    private static Iced.Intel.Register Vector(int lanes, int number) => (lanes == 16 ? Iced.Intel.Register.ZMM0 : Iced.Intel.Register.YMM0) + number;

    /// <summary>AVX2 must have no instruction of AVX-512, which the processors that it is for lack.</summary>
    private static Instruction Read(Action<Assembler> write, int lanes)
    {
        Instruction instruction = Written.Read(write, lanes);
        if (lanes == 8) Assert.Equal(EncodingKind.VEX, instruction.Encoding);
        return instruction;
    }
}
