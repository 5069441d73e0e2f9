using System.Runtime.CompilerServices;

namespace EdgeBench.Kernels.Peaks;

/// <summary>Loads of one width.</summary>
internal unsafe interface IRead<T>
{
    static abstract bool IsSupported { get; }

    /// <summary>a | all of the <see cref="ReadLoop.Piece"/> bytes there.</summary>
    static abstract T Or(T a, byte* from);

    static abstract long Sum(T a);
}

/// <summary>
/// Reads memory in four streams, each a quarter of it: with pages of 4 KiB a single stream waits at every page's start, where the prefetcher begins anew
/// (measured on Zen 4 with 256 MiB, GB/s of one thread, one / two / four streams: 21 / 24 / 27 on small pages, 31 / 33 / 33 on large ones).
/// </summary>
internal static unsafe class ReadLoop
{
    /// <summary>Bytes of a stream in one step: two cache lines.</summary>
    public const int Piece = 128;

    private const int Streams = 4;

    public static PeakLoop Of<T, TRead>(string instructions)
        where T : struct
        where TRead : struct, IRead<T> => new(PeakKind.Read, instructions, TRead.IsSupported, Streams * Piece, Run<T, TRead>);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Run<T, TRead>(nint data, long steps)
        where T : struct
        where TRead : struct, IRead<T>
    {
        nint quarter = (nint)steps * Piece;
        byte* p = (byte*)data, q = p + quarter, r = q + quarter, s = r + quarter, end = q;
        T a = default, b = default, c = default, d = default;
        for (; p < end; p += Piece, q += Piece, r += Piece, s += Piece)
        {
            a = TRead.Or(a, p);
            b = TRead.Or(b, q);
            c = TRead.Or(c, r);
            d = TRead.Or(d, s);
        }
        return TRead.Sum(a) + TRead.Sum(b) + TRead.Sum(c) + TRead.Sum(d);
    }
}
