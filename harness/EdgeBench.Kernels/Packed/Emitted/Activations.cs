using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>Addresses of up to eight activations in code: rcx, r9 and r10, each for three, and the stride in r8.</summary>
internal readonly struct Activations(Assembler code, int rows)
{
    private const int OfRegister = 3;

    private static readonly Register[] s_bases = [Register.Rcx, Register.R9, Register.R10];

    public int Rows => rows;

    public void LoadStride() => code.Load(Register.R8, Arguments.At(nameof(Arguments.XStride)));

    /// <summary>To the first column.</summary>
    public void Start()
    {
        code.Load(s_bases[0], Arguments.At(nameof(Arguments.X)));
        for (int i = 1; i * OfRegister < rows; i++)
        {
            code.Address(s_bases[i], new Memory(s_bases[i - 1], Register.R8, 2));
            code.Add(s_bases[i], Register.R8);
        }
    }

    public Memory At(int row) => new(s_bases[row / OfRegister], Register.R8, row % OfRegister);

    public void Advance(int bytes)
    {
        for (int i = 0; i * OfRegister < rows; i++) code.Add(s_bases[i], bytes);
    }

    /// <summary>To the next tile of activations; overwrites rax.</summary>
    public void NextTile()
    {
        code.Load(Register.Rax, Arguments.At(nameof(Arguments.X)));
        code.Add(Register.Rax, Arguments.At(nameof(Arguments.XStep)));
        code.Store(Arguments.At(nameof(Arguments.X)), Register.Rax);
    }
}
