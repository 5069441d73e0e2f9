namespace EdgeBench.Kernels.Packed.Intrinsics;

/// <summary>Calls a generic body with the levels of a format.</summary>
internal static class LevelsOf
{
    public static void Visit<TBody>(PackedFormat format, in TBody body)
        where TBody : struct, ILevelsBody, allows ref struct
    {
        switch (format.LowBits + format.HighBits, format.HasMinimum, format.HasByteScales)
        {
            case (4, false, _): body.Run<Four>(); break;
            case (4, true, false): body.Run<FourWithMinimum>(); break;
            case (4, true, true): body.Run<FourSuper>(); break;
            case (5, false, _): body.Run<Five>(); break;
            case (5, true, false): body.Run<FiveWithMinimum>(); break;
            case (5, true, true): body.Run<FiveSuper>(); break;
            case (6, _, _): body.Run<SixSuper>(); break;
            default: body.Run<Eight>(); break;
        }
    }
}

internal interface ILevelsBody
{
    void Run<TLevels>()
        where TLevels : struct, ILevels;
}
