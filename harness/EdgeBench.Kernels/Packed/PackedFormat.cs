using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Kernels.Packed;

/// <summary>
/// How a weight format lies in memory for products. Rows are taken in groups of 16, columns in units; a group is its units one after the other, so
/// that a product of few rows reads memory once and in order.
/// A unit of a quantised format: float16 factors of scales and minima where these are bytes, then pairs of blocks of 32 columns; a pair: scales of both, minima
/// of both, levels and upper bits of the first, then of the second.
/// A quad is 64 bytes: 16 rows of 4 consecutive columns. Eight-bit levels are quads 0 to 7; four-bit ones are quad j in the low and j + 4 in the high
/// halves of 64 bytes j; a fifth bit is bit j of 64 bytes for quad j; a pair of upper bits is bits 2 (j mod 4) of 64 bytes j / 4.
/// A unit of a float format is 8 columns of 16 rows each. Every unit starts at a cache line.
/// </summary>
internal sealed class PackedFormat
{
    /// <summary>Rows of a group.</summary>
    public const int GroupRows = 16;

    /// <summary>Columns that share an activation's scale.</summary>
    public const int BlockColumns = 32;

    public const int QuadBytes = 64;

    private const int LineBytes = 64, FloatUnitColumns = 8, HalfBytes = 2;

    private readonly int _pairsAt;

    private PackedFormat(string name, BlockFormat? blocks, int elementBytes, int lowBits, int highBits, bool hasMinimum, bool hasByteScales)
    {
        (Name, Blocks, ElementBytes, LowBits, HighBits, HasMinimum, HasByteScales) = (name, blocks, elementBytes, lowBits, highBits, hasMinimum, hasByteScales);
        if (blocks is null)
        {
            (UnitColumns, UnitBytes) = (FloatUnitColumns, FloatUnitColumns * GroupRows * elementBytes);
            return;
        }
        UnitColumns = Math.Max(blocks.BlockSize, 2 * BlockColumns);
        Scales = BlockColumns / blocks.GroupSize;
        Zero = hasMinimum ? 0 : 1 << (lowBits + highBits - 1);
        ScaleBytes = GroupRows * (hasByteScales ? Scales : HalfBytes);
        PairLevelsAt = 2 * ScaleBytes * (hasMinimum ? 2 : 1);
        _pairsAt = hasByteScales ? LineBytes : 0;
        PairBytes = PairLevelsAt + (2 * LevelBytes);
        UnitBytes = _pairsAt + (UnitBlocks / 2 * PairBytes);
    }

    /// <summary>Every format that products take, by GGUF's names.</summary>
    public static IReadOnlyList<PackedFormat> All { get; } =
    [
        Float("F32", 4), Float("F16", 2), Float("BF16", 2),
        Plain(Q8_0.Format, 8), Plain(Q4_0.Format, 4), Plain(Q4_1.Format, 4, hasMinimum: true), Plain(Q5_0.Format, 4, 1), Plain(Q5_1.Format, 4, 1, hasMinimum: true),
        Super(Q4_K.Format, 0, hasMinimum: true), Super(Q5_K.Format, 1, hasMinimum: true), Super(Q6_K.Format, 2, hasMinimum: false),
    ];

    public string Name { get; }

    /// <summary>The file's format; null for float formats.</summary>
    public BlockFormat? Blocks { get; }

    public bool IsFloat => Blocks is null;

    /// <summary>Of a float format.</summary>
    public int ElementBytes { get; }

    /// <summary>Bits of a level in the first part of a unit: 8 or 4.</summary>
    public int LowBits { get; }

    /// <summary>Bits of a level in the second part: 0, 1 or 2.</summary>
    public int HighBits { get; }

    public bool HasMinimum { get; }

    /// <summary>Scales (and minima) are bytes, multiplied by a float16 for each row of a unit; otherwise they are float16.</summary>
    public bool HasByteScales { get; }

    /// <summary>Scales of a block of 32: 1, or 2 for Q6_K.</summary>
    public int Scales { get; }

    /// <summary>The level that means 0 where there is no minimum: value = scale · (level - Zero) - minimum.</summary>
    public int Zero { get; }

    /// <summary>
    /// Where the words of levels of a block of 32 start in the file, if they are quads as they are (Q4_0 and Q4_1: bytes 4j to 4j + 3 hold columns 4j to 4j + 3 and
    /// those 16 further on; Q8_0: but for the sign bit), otherwise 0.
    /// </summary>
    public int WordsAt => IsFloat || HasByteScales || HighBits > 0 ? 0 : Blocks!.BlockBytes - (LowBits * sizeof(uint));

    public int UnitColumns { get; }

    public int UnitBlocks => UnitColumns / BlockColumns;

    public int UnitBytes { get; }

    /// <summary>Two blocks with their scales: whole cache lines.</summary>
    public int PairBytes { get; }

    /// <summary>The scales of a block.</summary>
    public int ScaleBytes { get; }

    /// <summary>Where in a pair levels start.</summary>
    public int PairLevelsAt { get; }

    /// <summary>Both parts of a block's levels.</summary>
    public int LevelBytes => (LowBits + HighBits) * QuadBytes;

    /// <summary>Columns that a row must be a multiple of.</summary>
    public int ColumnStep => Blocks?.BlockSize ?? 1;

    public int Units(int columns) => (columns + UnitColumns - 1) / UnitColumns;

    /// <summary>Bytes of a row in the file.</summary>
    public long RowBytes(int columns) => Blocks is { } blocks ? (long)(columns / blocks.BlockSize) * blocks.BlockBytes : (long)columns * ElementBytes;

    /// <summary>Where in a unit the factors of byte scales (0) or of byte minima (1) are.</summary>
    public static int FactorAt(int which) => which * GroupRows * HalfBytes;

    /// <param name="part">Of a block with two scales the first (0) or second.</param>
    public int ScaleAt(int block, int part) => Pair(block) + (block % 2 * ScaleBytes) + (part * GroupRows);

    public int MinimumAt(int block) => Pair(block) + ((2 + (block % 2)) * ScaleBytes);

    public int LowAt(int block) => Pair(block) + PairLevelsAt + (block % 2 * LevelBytes);

    public int HighAt(int block) => LowAt(block) + (LowBits * QuadBytes);

    public static PackedFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);

    private int Pair(int block) => _pairsAt + (block / 2 * PairBytes);

    private static PackedFormat Float(string name, int elementBytes) => new(name, null, elementBytes, 0, 0, hasMinimum: false, hasByteScales: false);

    private static PackedFormat Plain(BlockFormat blocks, int lowBits, int highBits = 0, bool hasMinimum = false) =>
        new(blocks.Name, blocks, 0, lowBits, highBits, hasMinimum, hasByteScales: false);

    private static PackedFormat Super(BlockFormat blocks, int highBits, bool hasMinimum) => new(blocks.Name, blocks, 0, 4, highBits, hasMinimum, hasByteScales: true);
}
