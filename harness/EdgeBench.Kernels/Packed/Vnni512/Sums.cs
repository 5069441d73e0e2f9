using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>Sums of some groups and activations in code, vectors from 0 up, and Y, whose first row is at rdx. Lanes of the last group are masked. Overwrites rax.</summary>
internal readonly struct Sums(Assembler code, int groups, int rows)
{
    private const int GroupBytes = PackedFormat.GroupRows * sizeof(float);

    public int At(int group, int row) => (row * groups) + group;

    public void LoadMask()
    {
        code.Load(Register.Rax, Arguments.At(nameof(Arguments.Mask)));
        code.LoadMask(Register.Rax);
        code.Load(Register.Rdx, Arguments.At(nameof(Arguments.Y)));
    }

    /// <summary>What is in Y, or zeros.</summary>
    public void Load()
    {
        for (int i = 0; i < groups * rows; i++) code.Zero(i);
        code.Compare(Arguments.At(nameof(Arguments.Accumulate)), 0);
        int skip = code.JumpIfZero();
        code.Move(Register.Rax, Register.Rdx);
        for (int row = 0; row < rows; row++)
        {
            for (int group = 0; group < groups; group++)
            {
                if (group == groups - 1) code.LoadMasked(At(group, row), Place(group));
                else code.LoadVector(At(group, row), Place(group));
            }
            code.Add(Register.Rax, Arguments.At(nameof(Arguments.YStride)));
        }
        code.Land(skip);
    }

    /// <summary>Leaves the row after the last in rax.</summary>
    public void Store()
    {
        code.Move(Register.Rax, Register.Rdx);
        for (int row = 0; row < rows; row++)
        {
            for (int group = 0; group < groups; group++)
            {
                if (group == groups - 1) code.StoreMasked(Place(group), At(group, row));
                else code.StoreVector(Place(group), At(group, row));
            }
            code.Add(Register.Rax, Arguments.At(nameof(Arguments.YStride)));
        }
    }

    public void NextGroups() => code.Add(Register.Rdx, groups * GroupBytes);

    private static Memory Place(int group) => new(Register.Rax, Displacement: group * GroupBytes);
}
