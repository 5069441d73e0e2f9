using System.Text;
using EdgeBench.Core.Numbers;

namespace EdgeBench.Models.Sources.Synthetic;

/// <summary>
/// 64 random bits for any counter, without state: the same on every machine, whoever computes which part. Integer operations only.
/// Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014 (SplitMix64, <c>nextSeed</c> and <c>mix64</c>
/// with D. Stafford's variant 13).
/// </summary>
internal static class CounterRandom
{
    /// <summary>Where the stream of a named tensor starts: the seed with the name's FNV-1a hash, mixed.</summary>
    public static ulong Key(ulong seed, string name)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325;
        foreach (byte letter in Encoding.UTF8.GetBytes(name)) hash = (hash ^ letter) * 0x0000_0100_0000_01B3;
        return SplitMix64.Mix(SplitMix64.Mix(seed + SplitMix64.Step) ^ hash);
    }

    public static ulong At(ulong key, ulong counter) => SplitMix64.Mix(key + ((counter + 1) * SplitMix64.Step));
}
