using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>Blocks from and to float32: 64 rows as long as the model's widest.</summary>
internal sealed class BlockConversions : ICaseSource
{
    private const int Rows = 64, Block = 256;

    public IEnumerable<KernelCase> Cases(int threads) =>
        from model in threads == 1 ? ModelShapes.All : []
        from format in BlockFormats.All
        from kernel in format.Kernels
        where kernel.IsSupported && kernel.Name != KernelCatalog.Scalar
        from operation in (string[])["dequantise", "quantise"]
        where operation == "dequantise" || kernel.Quantise is not null
        select new KernelCase(model.Name, operation, format.Name.ToLowerInvariant(), kernel.Name, $"{model.Ffn}", Rows, threads)
        {
            Prepare = _ => Prepare(format, kernel, operation == "quantise", model.Ffn * Rows / Block * Block),
        };

    private static SimpleWork Prepare(BlockFormat format, BlockKernel kernel, bool quantises, int elements)
    {
        float[] values = SampleValues.Normal(elements);
        byte[] blocks = new byte[elements / format.BlockSize * format.BlockBytes];
        kernel.Quantise!(values, blocks);
        // An element is multiplied by its scale and moved by its minimum; searches for good scales are not counted.
        return new SimpleWork(2.0 * elements, (sizeof(float) * (double)elements) + blocks.Length, quantises ? () => kernel.Quantise!(values, blocks) : () => kernel.Dequantise(blocks, values));
    }
}
