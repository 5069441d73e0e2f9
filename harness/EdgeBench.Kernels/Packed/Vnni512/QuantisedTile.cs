using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>
/// Up to four groups of an expanded panel times up to three activations, over all activations: sums of integers and of floats stay in registers for
/// a panel's blocks. Of 32 vectors 12 are integers, 12 floats, four weights, three activations.
/// </summary>
internal sealed class QuantisedTile
{
    /// <summary>The most activations of a tile.</summary>
    public const int MostRows = 3;

    private const int Dots = 12, Weights = 24, Bytes = 28;

    private readonly Assembler _code;
    private readonly QuantisedPanel _panel;
    private readonly int _startAt, _groups, _rows;

    private QuantisedTile(Assembler code, PackedFormat format, int groups, int rows) =>
        (_code, _panel, _startAt, _groups, _rows) = (code, new(format), ActivationBlock.StartAt(format), groups, rows);

    public static void Emit(Assembler code, PackedFormat format, int groups, int rows) => new QuantisedTile(code, format, groups, rows).Emit();

    private void Emit()
    {
        _code.Load(Register.Rsi, Arguments.At(nameof(Arguments.X)));
        _code.Load(Register.Rdx, Arguments.At(nameof(Arguments.Y)));
        _code.Load(Register.R8, Arguments.At(nameof(Arguments.XStride)));
        _code.Load(Register.R10, Arguments.At(nameof(Arguments.YStride)));
        _code.Load(Register.Rax, Arguments.At(nameof(Arguments.Mask)));
        _code.LoadMask(Register.Rax);
        int tile = _code.Position;
        LoadSums();
        _code.Load(Register.Rax, Arguments.At(nameof(Arguments.Panel)));
        _code.Move(Register.Rcx, Register.Rsi);
        _code.Load(Register.R11, Arguments.At(nameof(Arguments.Length)));
        int block = _code.Position;
        for (int part = 0; part < _panel.Scales; part++) Part(part);
        if (_panel.HasMinimum) SubtractMinima();
        _code.Add(Register.Rax, _panel.BlockBytes);
        _code.Add(Register.Rcx, ActivationBlock.Bytes);
        _code.Decrement(Register.R11);
        _code.JumpIfNotZero(block);
        StoreSums();
        _code.Address(Register.Rsi, X(Register.Rsi, _rows));
        if (_rows == MostRows) _code.Add(Register.Rsi, Register.R8);
        _code.Address(Register.Rdx, Y(_rows));
        if (_rows == MostRows) _code.Add(Register.Rdx, Register.R10);
        _code.Decrement(Arguments.At(nameof(Arguments.Tiles)));
        _code.JumpIfNotZero(tile);
        _code.Return();
    }

    /// <summary>The quads that share a scale, and their part of the sums.</summary>
    private void Part(int part)
    {
        int quads = 8 / _panel.Scales;
        for (int row = 0; row < _rows; row++)
        {
            for (int group = 0; group < _groups; group++)
            {
                if (_startAt == ActivationBlock.Start0At) _code.Zero(Dot(group, row));
                else _code.Broadcast(Dot(group, row), X(Register.Rcx, row) + (_startAt + (part * sizeof(int))));
            }
        }
        for (int quad = part * quads; quad < (part + 1) * quads; quad++)
        {
            for (int group = 0; group < _groups; group++) _code.LoadVector(Weights + group, Panel(QuantisedPanel.LevelsAt(quad), group));
            for (int row = 0; row < _rows; row++)
            {
                _code.Broadcast(Bytes + row, X(Register.Rcx, row) + (quad * 4));
                for (int group = 0; group < _groups; group++) _code.DotBytes(Dot(group, row), Weights + group, Bytes + row);
            }
        }
        for (int row = 0; row < _rows; row++)
        {
            for (int group = 0; group < _groups; group++)
            {
                _code.ToFloat(Dot(group, row), Dot(group, row));
                _code.Multiply(Dot(group, row), Dot(group, row), Panel(QuantisedPanel.ScaleAt(part), group));
                _code.MultiplyAdd(Sum(group, row), Dot(group, row), X(Register.Rcx, row) + ActivationBlock.ScaleAt);
            }
        }
    }

    private void SubtractMinima()
    {
        for (int group = 0; group < _groups; group++)
        {
            _code.LoadVector(Weights + group, Panel(_panel.MinimumAt, group));
            for (int row = 0; row < _rows; row++) _code.MultiplySubtract(Sum(group, row), Weights + group, X(Register.Rcx, row) + ActivationBlock.ScaledSumAt);
        }
    }

    private void LoadSums()
    {
        for (int row = 0; row < _rows; row++)
        {
            for (int group = 0; group < _groups; group++) _code.Zero(Sum(group, row));
        }
        _code.Compare(Arguments.At(nameof(Arguments.Accumulate)), 0);
        int skip = _code.JumpIfZero();
        for (int row = 0; row < _rows; row++)
        {
            for (int group = 0; group < _groups; group++)
            {
                Memory source = Y(row) + (group * PackedFormat.GroupRows * sizeof(float));
                if (group == _groups - 1) _code.LoadMasked(Sum(group, row), source);
                else _code.LoadVector(Sum(group, row), source);
            }
        }
        _code.Land(skip);
    }

    private void StoreSums()
    {
        for (int row = 0; row < _rows; row++)
        {
            for (int group = 0; group < _groups; group++)
            {
                Memory target = Y(row) + (group * PackedFormat.GroupRows * sizeof(float));
                if (group == _groups - 1) _code.StoreMasked(target, Sum(group, row));
                else _code.StoreVector(target, Sum(group, row));
            }
        }
    }

    private static int Sum(int group, int row) => (row * QuantisedPanel.Groups) + group;

    private static int Dot(int group, int row) => Dots + Sum(group, row);

    private static Memory Panel(int offset, int group) => new(Register.Rax, Displacement: offset + (group * PackedFormat.QuadBytes));

    private static Memory X(Register start, int row) => new(start, Register.R8, Math.Min(row, 2));

    private static Memory Y(int row) => new(Register.Rdx, Register.R10, Math.Min(row, 2));
}
