using EdgeBench.Kernels.Transformer;

namespace EdgeBench.Kernels.Tests.Transformer;

/// <summary>Both attention kernels of every width against float64 arithmetic, over shapes of heads, positions, windows and formats.</summary>
public unsafe class HeadAttentionTests
{
    public static TheoryData<string, KvFormat> Kinds
    {
        get
        {
            TheoryData<string, KvFormat> kinds = [];
            foreach (TransformerKernels kernels in TransformerKernels.All.Where(kernels => kernels.IsSupported))
            {
                foreach (KvFormat format in Enum.GetValues<KvFormat>()) kinds.Add(kernels.Name, format);
            }
            return kinds;
        }
    }

    // Values are below 2: float16 rounds them by at most 2⁻¹¹ of that, Q8_0 by half of 2/127; weights err by as much times the length of a key.
    private static double Tolerance(KvFormat format) => format switch { KvFormat.F32 => 2e-5, KvFormat.F16 => 2e-3, _ => 3e-2 };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Queries_at_once(string name, KvFormat format)
    {
        TransformerKernels kernels = Named(name);
        int[] dims = format == KvFormat.Q8_0 ? [32, 64] : [8, 24, 64, 80];
        foreach (int headDim in dims)
        {
            foreach ((int queries, int first, int count) in new[] { (1, 0, 1), (3, 0, 70), (2, 100, 33), (5, 63, 2), (1, 40, 100) })
                AtOnce(kernels, new(headDim, format, format), queries, first, count, softcap: 0, window: 0);
        }
        AtOnce(kernels, new(32, format, format), 3, 20, 90, softcap: 1.5f, window: 0);
        AtOnce(kernels, new(32, format, format), 3, 0, 150, softcap: 0, window: 9);
        AtOnce(kernels, new(32, format, format), 2, 130, 80, softcap: 2, window: 70);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_query_by_chunks(string name, KvFormat format)
    {
        TransformerKernels kernels = Named(name);
        int[] dims = format == KvFormat.Q8_0 ? [32, 64] : [8, 24, 64, 80];
        foreach (int headDim in dims)
        {
            foreach (int queries in new[] { 1, 2, 3, 4, 7, 8 })
            {
                foreach (int position in new[] { 0, 1, 31, 32, 127, 128, 200, 300 }) ByChunks(kernels, new(headDim, format, format), queries, position, 0, 0);
            }
        }
        ByChunks(kernels, new(32, format, format), 3, 200, softcap: 1.5f, window: 9);
        ByChunks(kernels, new(32, format, format), 3, 200, softcap: 0, window: 100);
        ByChunks(kernels, new(32, format, format), 3, 260, softcap: 0, window: 5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_does_not_fit_the_format_is_told(string name, KvFormat format)
    {
        TransformerKernels kernels = Named(name);
        KvLayout layout = new(32, format, format);
        using HeadFixture fixture = new(kernels, layout, 1, 1);
        using Memory good = Memory.Random(32, 5);
        foreach (float broken in new[] { float.NaN, float.PositiveInfinity, format == KvFormat.F16 ? 65520 : float.NegativeInfinity })
        {
            for (int at = 0; at < 32; at += 5)
            {
                using Memory bad = Memory.Random(32, 6);
                bad.Data[at] = broken;
                Assert.False(kernels.Store(fixture.Head, 0, bad.Data, good.Data));
                Assert.False(kernels.Store(fixture.Head, 0, good.Data, bad.Data));
            }
        }
        good.Data[7] = 65000;
        Assert.True(kernels.Store(fixture.Head, 0, good.Data, good.Data));
    }

    private static void AtOnce(TransformerKernels kernels, KvLayout layout, int queries, int first, int count, float softcap, int window)
    {
        int stride = (queries * layout.HeadDim) + 5;
        using HeadFixture fixture = new(kernels, layout, first + count, queries, softcap, window);
        using Memory packed = Memory.Random(count * queries * layout.HeadDim, 3), rows = new(count * stride), output = new(count * stride),
            scratch = new(kernels.AttendScratch(layout, queries, count));
        for (int i = 0; i < count; i++) packed.Span.Slice(i * queries * layout.HeadDim, queries * layout.HeadDim).CopyTo(rows.Span[(i * stride)..]);
        scratch.Span.Fill(float.NaN);
        kernels.Attend(fixture.Head, rows.Data, stride, count, first, output.Data, stride, scratch.Data);
        double[] expected = fixture.Expected(packed, count, first);
        for (int i = 0; i < count; i++)
            Near(expected.AsSpan(i * queries * layout.HeadDim, queries * layout.HeadDim), output.Span.Slice(i * stride, queries * layout.HeadDim), Tolerance(layout.Keys));
        output.AssertEndIsUntouched();
        scratch.AssertEndIsUntouched();
    }

    private static void ByChunks(TransformerKernels kernels, KvLayout layout, int queries, int position, float softcap, int window)
    {
        using HeadFixture fixture = new(kernels, layout, position + 1, queries, softcap, window);
        int first = fixture.Head.FirstSeen(position) / TransformerKernels.ChunkPositions, chunks = (position / TransformerKernels.ChunkPositions) + 1 - first;
        int stride = TransformerKernels.PartialLength(layout, queries);
        using Memory raw = Memory.Random(queries * layout.HeadDim, 3), scaled = new(raw.Count), partials = new(chunks * stride), output = new(raw.Count),
            scratch = new(kernels.ChunkScratch(layout, queries));
        for (int i = 0; i < raw.Count; i++) scaled.Data[i] = raw.Data[i] * fixture.Head.Scale;
        scratch.Span.Fill(float.NaN);
        partials.Span.Fill(float.NaN);
        for (int chunk = 0; chunk < chunks; chunk++) kernels.AttendChunk(fixture.Head, scaled.Data, position, first + chunk, partials.Data + (chunk * stride), scratch.Data);
        kernels.JoinChunks(layout, queries, partials.Data, stride, chunks, output.Data);
        Near(fixture.Expected(raw, 1, position), output.Span, Tolerance(layout.Keys));
        output.AssertEndIsUntouched();
        partials.AssertEndIsUntouched();
        scratch.AssertEndIsUntouched();
    }

    private static TransformerKernels Named(string name) => TransformerKernels.All.Single(kernels => kernels.Name == name);

    private static void Near(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{i} of {expected.Length}: {actual[i]} instead of {expected[i]}");
    }
}
