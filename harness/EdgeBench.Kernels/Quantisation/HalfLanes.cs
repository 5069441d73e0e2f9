using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// float16 in the lower half of each 32-bit lane, by integer and exactly scaled float operations only, because .NET has no class for F16C.
/// Method: M. Dukhan's FP16 library, <c>fp16_ieee_from_fp32_value</c> and <c>fp16_ieee_to_fp32_value</c>.
/// </summary>
internal static class HalfLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Narrow(Vector<float> value)
    {
        Vector<uint> bits = value.As<float, uint>();
        Vector<uint> sign = bits & new Vector<uint>(0x8000_0000);
        Vector<uint> magnitude = bits ^ sign;
        // Up by 2¹¹² so that too large becomes infinite, down by 2⁻¹¹⁰; then a number whose last place is float16's is added, which rounds.
        Vector<float> scaled = magnitude.As<uint, float>() * new Vector<float>(BitConverter.UInt32BitsToSingle(0x7780_0000))
            * new Vector<float>(BitConverter.UInt32BitsToSingle(0x0880_0000));
        Vector<uint> exponent = Vector.Max(magnitude & new Vector<uint>(0x7F80_0000), new Vector<uint>(0x3880_0000));
        Vector<uint> rounded = ((exponent + new Vector<uint>(0x0780_0000)).As<uint, float>() + scaled).As<float, uint>();
        Vector<uint> half = (Vector.ShiftRightLogical(rounded, 13) & new Vector<uint>(0x7C00)) + (rounded & new Vector<uint>(0x0FFF));
        Vector<uint> notNumber = Vector.GreaterThan(magnitude, new Vector<uint>(0x7F80_0000));
        return Vector.ShiftRightLogical(sign, 16) | Vector.ConditionalSelect(notNumber, new Vector<uint>(0x7E00), half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Widen(Vector<uint> half)
    {
        Vector<uint> sign = Vector.ShiftLeft(half & new Vector<uint>(0x8000), 16);
        Vector<uint> magnitude = half & new Vector<uint>(0x7FFF);
        // Exponent raised by 224, then scaled down by 2⁻¹¹²: infinity and NaN stay.
        Vector<float> normal = (Vector.ShiftLeft(magnitude, 13) + new Vector<uint>(0x7000_0000)).As<uint, float>()
            * new Vector<float>(BitConverter.UInt32BitsToSingle(0x0780_0000));
        Vector<float> subnormal = (magnitude | new Vector<uint>(0x3F00_0000)).As<uint, float>() - new Vector<float>(0.5f);
        Vector<uint> small = Vector.LessThan(magnitude, new Vector<uint>(0x0400));
        return (sign | Vector.ConditionalSelect(small, subnormal.As<float, uint>(), normal.As<float, uint>())).As<uint, float>();
    }
}
