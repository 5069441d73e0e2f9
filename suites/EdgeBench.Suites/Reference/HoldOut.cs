using System.Text;
using EdgeBench.Core.Numbers;

namespace EdgeBench.Suites.Reference;

/// <summary>
/// Which split a part of a template or a combination belongs to. It depends on the part alone and never on a seed: training on one seed and testing
/// on another leaks nothing. An item is of the test where one of its parts is, else of validation where one is; the two share no part of theirs.
/// </summary>
internal static class HoldOut
{
    private const int Test = 8;
    private const int Validation = 4;

    public static ReferenceSplit Of(string part)
    {
        // FNV-1a, then mixed: string.GetHashCode differs from process to process.
        ulong hash = 0xCBF29CE484222325;
        foreach (byte value in Encoding.UTF8.GetBytes(part)) hash = (hash ^ value) * 0x100000001B3;
        return (int)(SplitMix64.Mix(hash) % 100) switch
        {
            < Test => ReferenceSplit.Test,
            < Test + Validation => ReferenceSplit.Validation,
            _ => ReferenceSplit.Train,
        };
    }

    /// <summary>The split of an item with these parts, or null where it has some of both held-out splits and serves neither.</summary>
    public static ReferenceSplit? Of(IEnumerable<string> parts)
    {
        ReferenceSplit result = ReferenceSplit.Train;
        foreach (ReferenceSplit split in parts.Select(Of).Where(split => split != ReferenceSplit.Train))
        {
            if (result != ReferenceSplit.Train && result != split) return null;
            result = split;
        }
        return result;
    }
}
