using EdgeBench.Kernels.Emitted;
using EdgeBench.Kernels.Packed.Emitted;

namespace EdgeBench.Kernels.Packed.Ymm;

/// <summary>
/// Sums of a group and some activations in working memory, at r10: 16 vectors do not hold them beside the sums of integers. Before them stand a vector
/// of 16-bit ones and the factors of a unit's scales and minima.
/// </summary>
internal readonly struct GroupSums(Assembler code, int rows, ByteDots dots, bool hasMinimum) : ISums
{
    private const Register Base = Register.R10;

    private const int VectorBytes = 32, Parts = 2, FactorsAt = VectorBytes, SumsAt = FactorsAt + (2 * Parts * VectorBytes);

    private readonly Sums _sums = new(code, 1, rows);

    public static Memory Ones => Base;

    /// <summary>Of scales (0) or minima (1).</summary>
    public static Memory Factor(int which, int part) => new(Base, Displacement: FactorsAt + (((which * Parts) + part) * VectorBytes));

    public static int Dot(int part, int row) => (row * Parts) + part;

    /// <summary>Overwrites the first vector.</summary>
    public void LoadPlace()
    {
        code.Load(Base, Arguments.At(nameof(Arguments.Scratch)));
        code.Broadcast(0, Arguments.At(nameof(Arguments.Ones)));
        code.StoreVector(Ones, 0);
        _sums.LoadPlace();
    }

    public void Load()
    {
        _sums.Load();
        for (int i = 0; i < Parts * rows; i++) code.StoreVector(Place(i), i);
    }

    public void Store()
    {
        for (int i = 0; i < Parts * rows; i++) code.LoadVector(i, Place(i));
        _sums.Store();
    }

    public void NextGroups() => _sums.NextGroups();

    /// <summary>Adds what the sums of integers of a block's scale give.</summary>
    /// <param name="block">The activation's.</param>
    /// <param name="scale">Of a block with two scales the first (0) or second.</param>
    /// <param name="registers">Weights are the scales of the rows and then, where there are some, minima.</param>
    public void Add(int part, int row, Memory block, int scale, in DotRegisters registers)
    {
        int dot = Dot(part, row);
        dots.Finish(dot, registers.X, block, scale);
        code.ToFloat(dot, dot);
        code.Multiply(dot, dot, registers.Weights);
        code.Broadcast(registers.X, block + ActivationBlock.ScaleAt);
        code.MultiplyThenAdd(dot, registers.X, Place(dot));
        if (hasMinimum)
        {
            code.Broadcast(registers.X, block + ActivationBlock.ScaledSumAt);
            code.MultiplySubtract(dot, registers.Weights + 1, registers.X);
        }
        code.StoreVector(Place(dot), dot);
    }

    private static Memory Place(int sum) => new(Base, Displacement: SumsAt + (sum * VectorBytes));
}
