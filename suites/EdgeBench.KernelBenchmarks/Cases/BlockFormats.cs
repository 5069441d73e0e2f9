using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>Formats of blocks that can be written here.</summary>
internal static class BlockFormats
{
    public static IReadOnlyList<BlockFormat> All { get; } =
        [Q8_0.Format, Q4_0.Format, Q4_1.Format, Q5_0.Format, Q5_1.Format, Q4_K.Format, Q5_K.Format, Q6_K.Format];

    public static BlockFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);
}
