using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>
/// Sums of some groups and activations in code, vectors from 0 up, and Y, whose first row is at rdx. Lanes of the last group are masked: by k1, with AVX2 by
/// vectors 12 and 13 and only where the group is not full. Overwrites rax, of streams r9.
/// </summary>
/// <param name="areStreams">Groups lie <see cref="Arguments.StreamYBytes"/> apart instead of beside each other; the last is full.</param>
internal readonly struct Sums(Assembler code, int groups, int rows, bool areStreams = false) : ISums
{
    private const int GroupBytes = PackedFormat.GroupRows * sizeof(float), FirstMask = 12;

    /// <summary>Vectors of a group.</summary>
    public int Parts => PackedFormat.GroupRows / code.Lanes;

    /// <summary>Vectors of an activation.</summary>
    public int Vectors => groups * Parts;

    public int At(int vector, int row) => (row * Vectors) + vector;

    public void LoadPlace()
    {
        if (code.Lanes == 16)
        {
            code.Load(Register.Rax, Arguments.At(nameof(Arguments.Mask)));
            code.LoadMask(Register.Rax);
        }
        code.Load(Register.Rdx, Arguments.At(nameof(Arguments.Y)));
    }

    /// <summary>What is in Y, or zeros.</summary>
    public void Load()
    {
        for (int i = 0; i < Vectors * rows; i++) code.Zero(i);
        code.Compare(Arguments.At(nameof(Arguments.Accumulate)), 0);
        int skip = code.JumpIfZero();
        Rows(isStore: false);
        code.Land(skip);
    }

    /// <summary>Leaves the row after the last in rax.</summary>
    public void Store() => Rows(isStore: true);

    public void NextGroups() => code.Add(Register.Rdx, areStreams ? GroupBytes : groups * GroupBytes);

    private void Rows(bool isStore)
    {
        code.Move(Register.Rax, Register.Rdx);
        if (areStreams && groups > 1) code.Load(Register.R9, Arguments.At(nameof(Arguments.StreamYBytes)));
        if (code.Lanes == 16)
        {
            Rows(isStore, isMasked: true);
            return;
        }
        code.Compare(Arguments.At(nameof(Arguments.Missing)), 0);
        int full = code.JumpIfZero();
        for (int part = 0; part < Parts; part++) code.LoadVector(FirstMask + part, Arguments.At(nameof(Arguments.LaneMasks)) + (part * code.VectorBytes));
        Rows(isStore, isMasked: true);
        int end = code.Jump();
        code.Land(full);
        Rows(isStore, isMasked: false);
        code.Land(end);
    }

    private void Rows(bool isStore, bool isMasked)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int vector = 0; vector < Vectors; vector++)
            {
                Memory place = Place(vector);
                int part = isMasked ? vector - (Vectors - Parts) : -1;
                if (isStore) Store(place, At(vector, row), part);
                else Load(At(vector, row), place, part);
            }
            code.Add(Register.Rax, Arguments.At(nameof(Arguments.YStride)));
        }
    }

    private Memory Place(int vector)
    {
        int group = areStreams ? vector / Parts : 0;
        return new(Register.Rax, Register.R9, group, (vector - (group * Parts)) * code.VectorBytes);
    }

    /// <param name="part">Vector of the last group; below 0 before it.</param>
    private void Load(int target, Memory source, int part)
    {
        if (part < 0) code.LoadVector(target, source);
        else if (code.Lanes == 16) code.LoadMasked(target, source);
        else code.LoadMasked(target, FirstMask + part, source);
    }

    private void Store(Memory target, int source, int part)
    {
        if (part < 0) code.StoreVector(target, source);
        else if (code.Lanes == 16) code.StoreMasked(target, source);
        else code.StoreMasked(target, FirstMask + part, source);
    }
}
