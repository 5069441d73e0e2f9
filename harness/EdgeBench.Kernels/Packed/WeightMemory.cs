using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Packed;

/// <summary>
/// Zeroed memory for weights and whatever else is large, taken from chunks that ask Linux for pages of 2 MiB: a product of one activation reads every byte once, and with small pages
/// address translation and prefetching, which ends at a page, cost a third of the bandwidth. Small matrices share a chunk, which goes with the last of them.
/// </summary>
public static unsafe partial class WeightMemory
{
    private const nuint LineBytes = 64, LargePageBytes = 2 << 20, ChunkBytes = 32 << 20;

    private const int AdviseLargePages = 14;

    private static readonly Lock s_lock = new();

    // Where small pieces are taken from; counts as one of its users.
    private static Chunk* s_open;

    /// <summary>
    /// Starts at a cache line. Zeros come from the system page by page when they are first written, so that the threads that pack share that work. Throws
    /// <see cref="OutOfMemoryException"/>.
    /// </summary>
    public static byte* Allocate(nuint bytes)
    {
        // A line before each piece says whose it is.
        nuint needed = checked(((bytes + LineBytes - 1) & ~(LineBytes - 1)) + LineBytes);
        lock (s_lock)
        {
            if (needed > ChunkBytes / 2) return Take(New(needed + LineBytes, users: 0), needed);
            if (s_open is null || s_open->Bytes - s_open->Used < needed)
            {
                Chunk* chunk = New(ChunkBytes, users: 1);
                if (s_open is not null) Release(s_open);
                s_open = chunk;
            }
            return Take(s_open, needed);
        }
    }

    public static void Free(byte* data)
    {
        if (data is null) return;
        lock (s_lock) Release(*(Chunk**)(data - LineBytes));
    }

    private static byte* Take(Chunk* chunk, nuint needed)
    {
        byte* piece = (byte*)chunk + chunk->Used;
        *(Chunk**)piece = chunk;
        chunk->Used += needed;
        chunk->Users++;
        return piece + LineBytes;
    }

    private static Chunk* New(nuint bytes, int users)
    {
        void* start = NativeMemory.AllocZeroed(checked(bytes + LargePageBytes));
        Chunk* chunk = (Chunk*)(((nuint)start + LargePageBytes - 1) & ~(LargePageBytes - 1));
        // Only advice: where it is not taken, pages are small.
        if (OperatingSystem.IsLinux()) _ = Advise(chunk, bytes, AdviseLargePages);
        *chunk = new() { Start = start, Bytes = bytes, Used = LineBytes, Users = users };
        return chunk;
    }

    private static void Release(Chunk* chunk)
    {
        if (--chunk->Users == 0) NativeMemory.Free(chunk->Start);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);

    /// <summary>The first line of a chunk.</summary>
    private struct Chunk
    {
        public void* Start;

        public nuint Bytes, Used;

        public int Users;
    }
}
