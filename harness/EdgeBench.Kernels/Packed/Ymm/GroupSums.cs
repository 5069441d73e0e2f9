using EdgeBench.Kernels.Emitted;
using EdgeBench.Kernels.Packed.Emitted;

namespace EdgeBench.Kernels.Packed.Ymm;

/// <summary>
/// Sums of a group and some activations in working memory, at r10: 16 vectors do not hold them beside the sums of integers. Before them stand a vector
/// of 16-bit ones and the factors of a unit's scales and minima.
/// </summary>
internal readonly struct GroupSums(Assembler code, int rows, ByteDots dots)
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

    public void NextGroup() => _sums.NextGroups();

    /// <summary>Adds what the sums of integers of a block give.</summary>
    /// <param name="block">The activation's.</param>
    /// <param name="scale">Of a block with two scales the first (0) or second.</param>
    /// <param name="multiply">Multiplies a vector by the scales of its rows.</param>
    /// <param name="minimum">The vector of minima; below 0 for none.</param>
    /// <param name="x">A vector to overwrite.</param>
    public void Add(int part, int row, Memory block, int scale, Action<int> multiply, int minimum, int x)
    {
        int dot = Dot(part, row);
        dots.Finish(dot, x, block, scale);
        code.ToFloat(dot, dot);
        multiply(dot);
        code.Broadcast(x, block + ActivationBlock.ScaleAt);
        code.MultiplyThenAdd(dot, x, Place(dot));
        if (minimum >= 0)
        {
            code.Broadcast(x, block + ActivationBlock.ScaledSumAt);
            code.MultiplySubtract(dot, minimum, x);
        }
        code.StoreVector(Place(dot), dot);
    }

    private static Memory Place(int sum) => new(Base, Displacement: SumsAt + (sum * VectorBytes));
}
