using EdgeBench.Kernels.Packed;

namespace EdgeBench.Kernels.Tests.Packed;

public unsafe class WeightMemoryTests
{
    // Pieces that share a chunk of 32 MiB, that fill one, that have their own, and none at all.
    private static readonly int[] s_sizes = [0, 1, 63, 64, 65, 4096, 1 << 20, 9 << 20, 15 << 20, (16 << 20) + 1, 40 << 20];

    [Fact]
    public void Pieces_start_as_zeros_at_cache_lines_and_outlive_others_of_their_chunk()
    {
        Random random = new(1);
        List<(nint Data, int Bytes, byte Mark)> held = [];
        for (int step = 0; step < 200; step++)
        {
            if (held.Count > 8 || (held.Count > 0 && random.Next(3) == 0)) Release(held, random.Next(held.Count));
            int bytes = s_sizes[random.Next(s_sizes.Length)];
            byte* data = WeightMemory.Allocate((nuint)bytes);
            Assert.Equal(0, (nint)data % 64);
            Assert.False(new ReadOnlySpan<byte>(data, bytes).ContainsAnyExcept((byte)0), $"{bytes} bytes of step {step} were not zeros");
            byte mark = (byte)(1 + (step % 255));
            new Span<byte>(data, bytes).Fill(mark);
            held.Add(((nint)data, bytes, mark));
        }
        while (held.Count > 0) Release(held, held.Count - 1);
        WeightMemory.Free(null);
    }

    private static void Release(List<(nint Data, int Bytes, byte Mark)> held, int index)
    {
        (nint data, int bytes, byte mark) = held[index];
        Assert.False(new ReadOnlySpan<byte>((void*)data, bytes).ContainsAnyExcept(mark), $"a piece of {bytes} bytes was written by others");
        WeightMemory.Free((byte*)data);
        held.RemoveAt(index);
    }
}
