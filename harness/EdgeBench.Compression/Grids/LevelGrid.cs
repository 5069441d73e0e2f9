using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Grids;

/// <summary>
/// The values that a format can hold: groups of consecutive weights of a row, each with a scale and perhaps an offset, and integer levels.
/// </summary>
/// <param name="Name">As in reports: <c>q4_1</c>, <c>int8 by row</c>.</param>
/// <param name="Stored">GGUF's block type with exactly these values, or null where none has them.</param>
/// <param name="Group">Weights that share a scale; 0 for a whole row.</param>
/// <param name="Lowest">Least level as it is stored.</param>
/// <param name="Highest">Greatest level as it is stored.</param>
/// <param name="Centre">Level whose value is 0 where there is no offset of its own; null for grids with a minimum.</param>
/// <param name="HalfScales">Scales and minima are float16 numbers, else float32.</param>
public sealed record LevelGrid(string Name, GgmlType? Stored, int Group, int Lowest, int Highest, int? Centre, bool HalfScales)
{
    public static LevelGrid Q4_0 { get; } = new("q4_0", GgmlType.Q4_0, 32, 0, 15, 8, true);

    public static LevelGrid Q4_1 { get; } = new("q4_1", GgmlType.Q4_1, 32, 0, 15, null, true);

    public static LevelGrid Q5_0 { get; } = new("q5_0", GgmlType.Q5_0, 32, 0, 31, 16, true);

    public static LevelGrid Q5_1 { get; } = new("q5_1", GgmlType.Q5_1, 32, 0, 31, null, true);

    public static LevelGrid Q8_0 { get; } = new("q8_0", GgmlType.Q8_0, 32, -127, 127, 0, true);

    /// <summary>Three bits, levels -3 to 3, in blocks that could hold more.</summary>
    public static LevelGrid Int3 { get; } = new("int3", GgmlType.Q4_0, 32, 5, 11, 8, true);

    /// <summary>Two bits, levels -1 to 1, in blocks that could hold more.</summary>
    public static LevelGrid Int2 { get; } = new("int2", GgmlType.Q4_0, 32, 7, 9, 8, true);

    /// <summary>One scale for each output row: the weights of W8A8.</summary>
    public static LevelGrid Int8Rows { get; } = new("int8 by row", null, 0, -127, 127, 0, false);

    /// <summary>
    /// Minima are -z · scale with an integer z of 0 to <see cref="Highest"/>, exactly: what runtimes with integer zero points need. Scales then have
    /// at most 7 significant bits, so that z · scale is a float16 number too.
    /// </summary>
    public bool IntegerZero { get; init; }

    /// <summary>The type's own encoder finds scales and levels together.</summary>
    public bool ByCodec { get; init; }

    /// <summary>Steps between the least and the greatest level.</summary>
    public int Steps => Highest - Lowest;

    /// <summary>Groups of a row of <paramref name="columns"/> weights, which whole groups divide.</summary>
    public int Groups(int columns) => Group == 0 ? 1 : columns / Group;

    /// <summary>Weights of a group in a row of <paramref name="columns"/>.</summary>
    public int GroupLength(int columns) => Group == 0 ? columns : Group;

    /// <summary>The grid of a block type, or null for a type that is none.</summary>
    public static LevelGrid? Of(GgmlType type) => type switch
    {
        GgmlType.Q4_0 => Q4_0,
        GgmlType.Q4_1 => Q4_1,
        GgmlType.Q5_0 => Q5_0,
        GgmlType.Q5_1 => Q5_1,
        GgmlType.Q8_0 => Q8_0,
        GgmlType.Q4_K or GgmlType.Q5_K or GgmlType.Q6_K => new LevelGrid(type.Info().Name.ToLowerInvariant(), type, 32, 0, 63, null, true) { ByCodec = true },
        _ => null,
    };
}
