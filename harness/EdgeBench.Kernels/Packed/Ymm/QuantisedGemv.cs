using EdgeBench.Kernels.Emitted;
using EdgeBench.Kernels.Packed.Emitted;

namespace EdgeBench.Kernels.Packed.Ymm;

/// <summary>Up to four activations times groups of quantised weights, read once and in order: two quads of eight rows at a time are unpacked in registers.</summary>
internal readonly struct QuantisedGemv
{
    /// <summary>The most activations.</summary>
    public const int MostRows = 4;

    private const int Parts = 2;

    private readonly Assembler _code;
    private readonly PackedFormat _format;
    private readonly Activations _activations;
    private readonly ByteDots _dots;
    private readonly UnitQuads _unit;
    private readonly GroupSums _sums;

    private QuantisedGemv(Assembler code, PackedFormat format, ByteDots dots, int rows) =>
        (_code, _format, _activations, _dots, _unit, _sums) = (code, format, new(code, rows), dots, new(code, format, dots), new(code, rows, dots, format.HasMinimum));

    public static void Emit(Assembler code, PackedFormat format, ByteDots dots, int rows)
    {
        QuantisedGemv product = new(code, format, dots, rows);
        product._unit.LoadMasks();
        Loops.Groups(code, format, product._activations, product._sums, groups: 1, format.UnitBlocks * ActivationBlock.Bytes, product.Unit);
    }

    private void Unit()
    {
        _unit.StoreFactors();
        for (int block = 0; block < _format.UnitBlocks; block++)
        {
            for (int scale = 0; scale < _format.Scales; scale++) Scale(block, scale);
        }
    }

    /// <summary>The quads that share a scale, and their part of the sums.</summary>
    private void Scale(int block, int scale)
    {
        DotRegisters registers = _dots.Few;
        for (int row = 0; row < _activations.Rows; row++)
        {
            for (int part = 0; part < Parts; part++) _dots.Start(GroupSums.Dot(part, row), X(row, block), scale);
        }
        // Two quads that share bytes, or, where those have different scales, two that follow each other.
        (int step, int second) = _format.Scales == 1 ? (1, 4) : (2, 1);
        for (int quad = scale * 4; quad < (scale + 1) * 4; quad += step)
        {
            ReadAhead.Emit(_code, _format, Register.Rsi, (block * 4) + (scale * 2) + (quad % 4 / step), _format.UnitBlocks * 4);
            for (int part = 0; part < Parts; part++)
            {
                _unit.Load(block, quad, quad + second, part);
                for (int row = 0; row < _activations.Rows; row++) Two(GroupSums.Dot(part, row), X(row, block), quad, quad + second);
            }
        }
        for (int part = 0; part < Parts; part++)
        {
            _unit.LoadScale(registers.Weights, 0, _format.ScaleAt(block, scale), part);
            if (_format.HasMinimum) _unit.LoadScale(registers.Weights + 1, 1, _format.MinimumAt(block), part);
            for (int row = 0; row < _activations.Rows; row++) _sums.Add(part, row, X(row, block), scale, registers);
        }
    }

    private void Two(int dot, Memory x, int first, int second)
    {
        DotRegisters registers = _dots.Few;
        if (_dots.Quads == 2)
        {
            _code.Broadcast(registers.X, x + (first * 4));
            _code.Broadcast(registers.X + 1, x + (second * 4));
            _dots.Add(dot, registers.Weights, registers.X, registers.Temporary);
            return;
        }
        _code.Broadcast(registers.X, x + (first * 4));
        _dots.Add(dot, registers.Weights, registers.X, registers.Temporary);
        _code.Broadcast(registers.X, x + (second * 4));
        _dots.Add(dot, registers.Weights + 1, registers.X, registers.Temporary);
    }

    private Memory X(int row, int block) => _activations.At(row) + (block * ActivationBlock.Bytes);
}
