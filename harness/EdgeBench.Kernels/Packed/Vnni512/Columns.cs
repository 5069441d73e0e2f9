using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>Up to eight activations in code for few of them: their addresses (rcx, r9, r10 and twice the stride in r8) and their sums (vectors 0 and up).</summary>
internal readonly struct Columns(Assembler code, int count)
{
    private const int OfRegister = 3;

    private static readonly Register[] s_bases = [Register.Rcx, Register.R9, Register.R10];

    public int Count => count;

    public void LoadStride() => code.Load(Register.R8, Arguments.At(nameof(Arguments.XStride)));

    public void Start()
    {
        code.Load(s_bases[0], Arguments.At(nameof(Arguments.X)));
        for (int i = 1; i * OfRegister < count; i++)
        {
            code.Address(s_bases[i], new Memory(s_bases[i - 1], Register.R8, 2));
            code.Add(s_bases[i], Register.R8);
        }
    }

    public Memory At(int row) => new(s_bases[row / OfRegister], Register.R8, row % OfRegister);

    public void Advance(int bytes)
    {
        for (int i = 0; i * OfRegister < count; i++) code.Add(s_bases[i], bytes);
    }

    /// <summary>Sums of a group from Y (rdx), or zeros.</summary>
    public void LoadSums(int first = 0, int offset = 0)
    {
        for (int row = 0; row < count; row++) code.Zero(first + row);
        code.Compare(Arguments.At(nameof(Arguments.Accumulate)), 0);
        int skip = code.JumpIfZero();
        code.Move(Register.Rax, Register.Rdx);
        for (int row = 0; row < count; row++)
        {
            code.LoadMasked(first + row, new Memory(Register.Rax, Displacement: offset));
            if (row + 1 < count) code.Add(Register.Rax, Arguments.At(nameof(Arguments.YStride)));
        }
        code.Land(skip);
    }

    public void StoreSums(int first = 0, int offset = 0)
    {
        code.Move(Register.Rax, Register.Rdx);
        for (int row = 0; row < count; row++)
        {
            code.StoreMasked(new Memory(Register.Rax, Displacement: offset), first + row);
            if (row + 1 < count) code.Add(Register.Rax, Arguments.At(nameof(Arguments.YStride)));
        }
    }
}
