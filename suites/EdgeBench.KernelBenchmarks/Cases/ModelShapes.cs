namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>A model whose shapes kernels are measured on.</summary>
/// <param name="Name">As <c>random:</c> presets spell it.</param>
internal sealed record ModelShapes(string Name, int Width, int KvWidth, int Heads, int KvHeads, int Ffn, int Vocabulary)
{
    public int HeadDim => Width / Heads;

    public static IReadOnlyList<ModelShapes> All { get; } =
    [
        new("smollm2-135m", 576, 192, 9, 3, 1536, 49152),
        new("tinyllama-1.1b", 2048, 256, 32, 4, 5632, 32000),
    ];

    /// <summary>The matrices of a block: query and output, key and value, gate and up, down. Rows x columns as files have them.</summary>
    public IReadOnlyList<(int Rows, int Columns)> Matrices => [(Width, Width), (KvWidth, Width), (Ffn, Width), (Width, Ffn)];

    /// <summary>The output head, of which only the last position of a prompt is needed.</summary>
    public (int Rows, int Columns) Head => (Vocabulary, Width);
}
