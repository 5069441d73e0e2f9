using EdgeBench.Kernels.Quantisation;
using EdgeBench.Testing;

namespace EdgeBench.Kernels.Tests.Quantisation;

/// <summary>Against values made with PyTorch and checked against the gguf package.</summary>
public class GoldenTests
{
    [Fact]
    public void Every_Q8_0_kernel_gives_the_golden_bytes_and_values() => Check("q8_0", Q8_0.Kernels, Q8_0.BlockBytes);

    [Fact]
    public void Every_Q4_0_kernel_gives_the_golden_bytes_and_values() => Check("q4_0", Q4_0.Kernels, Q4_0.BlockBytes);

    private static void Check(string grid, IReadOnlyList<BlockKernel> kernels, int blockBytes)
    {
        Safetensors golden = new(RepositoryFiles.Shared("golden/qat.safetensors"));
        float[] weights = golden.Floats("param.weight");
        byte[] packed = golden.Bytes($"{grid}.packed");
        float[] values = golden.Floats($"{grid}.weight");
        Assert.Equal(weights.Length / 32 * blockBytes, packed.Length);
        foreach (BlockKernel kernel in kernels.Where(kernel => kernel.IsSupported))
        {
            byte[] blocks = new byte[packed.Length];
            kernel.Quantise!(weights, blocks);
            Assert.Equal(packed, blocks);
            float[] back = new float[values.Length];
            kernel.Dequantise(packed, back);
            Assert.Equal(values, back);
        }
    }
}
