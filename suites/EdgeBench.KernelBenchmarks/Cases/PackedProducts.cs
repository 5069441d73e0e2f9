using EdgeBench.Kernels.Packed;
using EdgeBench.Kernels.Peaks;

namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>Packed weights times a few and many rows of activations: what decoding and prefilling are made of.</summary>
internal sealed class PackedProducts : ICaseSource
{
    // One position, a few sequences at once, a short and a full batch of a prompt.
    private static readonly int[] s_few = [1, 4], s_many = [128, 512];

    private static readonly string[] s_fourBits = ["Q4_0", "Q4_1", "Q4_K"];

    public IEnumerable<KernelCase> Cases(int threads) =>
        from model in ModelShapes.All
        from matrix in model.Matrices.Append(model.Head).Distinct()
        from format in PackedMatrix.Formats
        where PackedMatrix.IsSupported(format, matrix.Columns)
        from set in KernelSets.All
        where set.IsSupported
        // The specification is slow: one row tells how slow.
        from count in set.Name == KernelCatalog.Scalar ? s_few[..1] : matrix == model.Head ? s_few : [.. s_few, .. s_many]
        select new KernelCase(model.Name, "product", format.ToLowerInvariant(), set.Name, $"{matrix.Columns}x{matrix.Rows}", count, threads)
        {
            Computes = Kind(format, set.Name),
            Streams = true,
            MemoryBytes = PackedMatrix.BytesOf(format, matrix.Rows, matrix.Columns) + ((long)count * 4 * (matrix.Rows + (2 * matrix.Columns))),
            Prepare = context => new PackedProductWork(context, format, matrix.Rows, matrix.Columns, count, set),
        };

    // Sums of four-bit products are exact in 16 bits, which is faster where there is no dot product of bytes. Two sets of the same instructions have the same bound.
    private static PeakKind Kind(string format, string set) => format is "F32" or "F16" or "BF16" ? PeakKind.F32
        : s_fourBits.Contains(format) && PeakLoops.Supported(PeakKind.Int4).Any(loop => set == loop.Instructions || set == $"{loop.Instructions}-intrinsics") ? PeakKind.Int4
        : PeakKind.Int8;
}
