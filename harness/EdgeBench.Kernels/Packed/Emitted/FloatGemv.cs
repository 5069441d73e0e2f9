using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>
/// Few activations times some groups of float weights at once, read once and in order; several, because additions to one sum wait for each other. The
/// vectors are sums, then weights, then two activations in turn.
/// </summary>
internal readonly struct FloatGemv
{
    // Of up to three groups each is at a multiple of their distance that an address can hold.
    private const int AddressedGroups = 3, XRegisters = 2, LineBytes = 64;

    private readonly Assembler _code;
    private readonly PackedFormat _format;
    private readonly Activations _activations;
    private readonly Sums _sums;

    private FloatGemv(Assembler code, PackedFormat format, int groups, int rows) =>
        (_code, _format, _activations, _sums) = (code, format, new(code, rows), new(code, groups, rows, areStreams: true));

    /// <summary>The most activations.</summary>
    public static int MostRows(int lanes) => Math.Min(8, Vectors(lanes) - 1);

    /// <summary>The most groups at once: 16 lanes do not gain by three.</summary>
    public static int MostGroups(int lanes, int rows) => Math.Min(lanes == 16 ? 2 : AddressedGroups, Vectors(lanes) / (rows + 1));

    public static void Emit(Assembler code, PackedFormat format, int groups, int rows)
    {
        FloatGemv product = new(code, format, groups, rows);
        Loops.Groups(code, format, product._activations, product._sums, groups, format.UnitColumns * sizeof(float), () =>
        {
            for (int column = 0; column < format.UnitColumns; column++) product.Column(column);
        });
    }

    // Groups of vectors for sums and weights.
    private static int Vectors(int lanes) => ((2 * lanes) - XRegisters) * lanes / PackedFormat.GroupRows;

    private void Column(int column)
    {
        int weights = _sums.Vectors * _activations.Rows, x = weights + _sums.Vectors + (column % XRegisters);
        for (int i = 0; i < _sums.Vectors; i++)
        {
            int at = (column * _sums.Parts) + (i % _sums.Parts);
            Memory place = new(Register.Rsi, Register.Rax, i / _sums.Parts, at * _code.Lanes * _format.ElementBytes);
            if (place.Displacement % LineBytes == 0) ReadAhead.Emit(_code, place);
            FloatUnit.LoadVector(_code, _format, weights + i, place);
        }
        for (int row = 0; row < _activations.Rows; row++)
        {
            Memory place = _activations.At(row) + (column * sizeof(float));
            if (_sums.Vectors > 1) _code.Broadcast(x, place);
            for (int i = 0; i < _sums.Vectors; i++)
            {
                if (_sums.Vectors > 1) _code.MultiplyAdd(_sums.At(i, row), weights + i, x);
                else _code.MultiplyAdd(_sums.At(i, row), weights + i, place);
            }
        }
    }
}
