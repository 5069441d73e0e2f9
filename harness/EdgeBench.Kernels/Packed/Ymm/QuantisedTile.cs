using EdgeBench.Kernels.Emitted;
using EdgeBench.Kernels.Packed.Emitted;

namespace EdgeBench.Kernels.Packed.Ymm;

/// <summary>A group of an expanded panel, two vectors of rows, times four or six activations: sums of integers stay in registers for a block.</summary>
internal readonly struct QuantisedTile
{
    private const int Parts = 2;

    private readonly Assembler _code;
    private readonly QuantisedPanel _panel;
    private readonly Activations _activations;
    private readonly ByteDots _dots;
    private readonly GroupSums _sums;

    private QuantisedTile(Assembler code, PackedFormat format, ByteDots dots, int rows) =>
        (_code, _panel, _activations, _dots, _sums) = (code, new(format), new(code, rows), dots, new(code, rows, dots, format.HasMinimum));

    public static void Emit(Assembler code, PackedFormat format, ByteDots dots, int rows)
    {
        QuantisedTile tile = new(code, format, dots, rows);
        Loops.Tiles(code, tile._activations, tile._sums, tile._panel.BlockBytes, ActivationBlock.Bytes, tile.Block);
    }

    private void Block()
    {
        for (int scale = 0; scale < _panel.Scales; scale++) Scale(scale);
    }

    /// <summary>The quads that share a scale, and their part of the sums.</summary>
    private void Scale(int scale)
    {
        int quads = 8 / _panel.Scales;
        for (int row = 0; row < _activations.Rows; row++)
        {
            for (int part = 0; part < Parts; part++) _dots.Start(GroupSums.Dot(part, row), _activations.At(row), scale);
        }
        for (int quad = scale * quads; quad < (scale + 1) * quads; quad += _dots.Quads) Quads(quad);
        DotRegisters registers = _dots.Tile;
        for (int part = 0; part < Parts; part++)
        {
            _code.LoadVector(registers.Weights, Panel(QuantisedPanel.ScaleAt(scale), part));
            if (_panel.HasMinimum) _code.LoadVector(registers.Weights + 1, Panel(_panel.MinimumAt, part));
            for (int row = 0; row < _activations.Rows; row++) _sums.Add(part, row, _activations.At(row), scale, registers);
        }
    }

    private void Quads(int first)
    {
        DotRegisters registers = _dots.Tile;
        for (int part = 0; part < Parts; part++)
        {
            for (int i = 0; i < _dots.Quads; i++) _code.LoadVector(Weight(part) + i, Panel(QuantisedPanel.LevelsAt(first + i), part));
            _dots.Prepare(Weight(part));
        }
        for (int row = 0; row < _activations.Rows; row++)
        {
            for (int i = 0; i < _dots.Quads; i++) _code.Broadcast(registers.X + i, _activations.At(row) + ((first + i) * 4));
            for (int part = 0; part < Parts; part++) _dots.Add(GroupSums.Dot(part, row), Weight(part), registers.X, registers.Temporary);
        }
    }

    private int Weight(int part) => _dots.Tile.Weights + (part * _dots.Quads);

    private Memory Panel(int offset, int part) => new(Register.Rsi, Displacement: offset + (part * _code.VectorBytes));
}
