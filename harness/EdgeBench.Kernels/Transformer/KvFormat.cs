namespace EdgeBench.Kernels.Transformer;

/// <summary>How keys or values are stored.</summary>
public enum KvFormat
{
    F32,
    F16,

    /// <summary>Signed bytes with a float16 scale for each 32 elements of a head.</summary>
    Q8_0,
}

/// <summary>
/// Where one head's keys and values of <see cref="Positions"/> positions stand. A block of keys holds element after element, of all its positions, so that a
/// score needs no sum across lanes; a block of values holds position after position, each padded to <see cref="ValueWidth"/>. Q8_0: the bytes first, then
/// the scales in the same order.
/// </summary>
public readonly record struct KvLayout(int HeadDim, KvFormat Keys, KvFormat Values)
{
    /// <summary>Positions of a block.</summary>
    public const int Positions = 32;

    /// <summary>Elements that share a scale.</summary>
    public const int Group = 32;

    /// <summary>Elements of a position's values with padding, which is zero.</summary>
    public int ValueWidth => (HeadDim + Group - 1) / Group * Group;

    public int KeyBlockBytes => Bytes(Keys, HeadDim);

    public int ValueBlockBytes => Bytes(Values, ValueWidth);

    /// <summary>Floats of an expanded block of keys, then one of values.</summary>
    public int ExpandedKeys => HeadDim * Positions;

    public int ExpandedValues => ValueWidth * Positions;

    private static int Bytes(KvFormat format, int width) => format switch
    {
        KvFormat.F32 => 4 * Positions * width,
        KvFormat.F16 => 2 * Positions * width,
        _ => Positions * (width + (2 * ((width + Group - 1) / Group))),
    };
}
