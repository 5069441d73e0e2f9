using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeBench.Running.Execution;

/// <summary>
/// In which order a session visits the cells: a Fisher–Yates shuffle, so that slow drift of the machine falls on all cells alike instead of on the last
/// ones. Driven by SHA-256 of (seed, session, step), hence the same on every machine and version of .NET.
/// </summary>
public static class TrialOrder
{
    public static T[] Shuffle<T>(IReadOnlyList<T> items, ulong seed, int session)
    {
        T[] order = [.. items];
        Span<byte> message = stackalloc byte[16];
        Span<byte> digest = stackalloc byte[32];
        BinaryPrimitives.WriteUInt64LittleEndian(message, seed);
        BinaryPrimitives.WriteInt32LittleEndian(message[8..], session);
        for (int i = order.Length - 1; i > 0; i--)
        {
            BinaryPrimitives.WriteInt32LittleEndian(message[12..], i);
            SHA256.HashData(message, digest);
            // 64 random bits over at most 2^31 places: the bias is below 2^-33.
            int j = (int)(BinaryPrimitives.ReadUInt64LittleEndian(digest) % (ulong)(i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
