using EdgeBench.Kernels.Emitted;
using EdgeBench.Kernels.Packed.Emitted;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>
/// Up to four groups of an expanded panel times up to three activations, over all activations: sums of integers and of floats stay in registers for
/// a panel's blocks. Of 32 vectors 12 are floats, 12 integers, four weights, three activations.
/// </summary>
internal sealed class QuantisedTile
{
    /// <summary>The most activations of a tile.</summary>
    public const int MostRows = 3;

    private const int Dots = 12, Weights = 24, Bytes = 28;

    private readonly Assembler _code;
    private readonly QuantisedPanel _panel;
    private readonly Activations _activations;
    private readonly Sums _sums;
    private readonly int _startAt, _groups, _rows;

    private QuantisedTile(Assembler code, PackedFormat format, int groups, int rows)
    {
        (_code, _panel, _startAt, _groups, _rows) = (code, new(format), ActivationBlock.StartAt(format), groups, rows);
        (_activations, _sums) = (new(code, rows), new(code, groups, rows));
    }

    public static void Emit(Assembler code, PackedFormat format, int groups, int rows)
    {
        QuantisedTile tile = new(code, format, groups, rows);
        Loops.Tiles(code, tile._activations, tile._sums, tile._panel.BlockBytes, ActivationBlock.Bytes, tile.Block);
    }

    private void Block()
    {
        for (int part = 0; part < _panel.Scales; part++) Part(part);
        if (_panel.HasMinimum) SubtractMinima();
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
                else _code.Broadcast(Dot(group, row), _activations.At(row) + (_startAt + (part * sizeof(int))));
            }
        }
        for (int quad = part * quads; quad < (part + 1) * quads; quad++)
        {
            for (int group = 0; group < _groups; group++) _code.LoadVector(Weights + group, Panel(QuantisedPanel.LevelsAt(quad), group));
            for (int row = 0; row < _rows; row++)
            {
                _code.Broadcast(Bytes + row, _activations.At(row) + (quad * 4));
                for (int group = 0; group < _groups; group++) _code.DotBytes(Dot(group, row), Weights + group, Bytes + row);
            }
        }
        for (int row = 0; row < _rows; row++)
        {
            for (int group = 0; group < _groups; group++)
            {
                _code.ToFloat(Dot(group, row), Dot(group, row));
                _code.Multiply(Dot(group, row), Dot(group, row), Panel(QuantisedPanel.ScaleAt(part), group));
                _code.MultiplyAdd(_sums.At(group, row), Dot(group, row), _activations.At(row) + ActivationBlock.ScaleAt);
            }
        }
    }

    private void SubtractMinima()
    {
        for (int group = 0; group < _groups; group++)
        {
            _code.LoadVector(Weights + group, Panel(_panel.MinimumAt, group));
            for (int row = 0; row < _rows; row++) _code.MultiplySubtract(_sums.At(group, row), Weights + group, _activations.At(row) + ActivationBlock.ScaledSumAt);
        }
    }

    private int Dot(int group, int row) => Dots + _sums.At(group, row);

    private static Memory Panel(int offset, int group) => new(Register.Rsi, Displacement: offset + (group * PackedFormat.QuadBytes));
}
