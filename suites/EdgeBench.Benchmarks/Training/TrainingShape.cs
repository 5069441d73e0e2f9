using EdgeBench.Engine.Training.Models;

namespace EdgeBench.Benchmarks.Training;

/// <summary>A shape of golden/README.md ("PyTorch training throughput").</summary>
/// <param name="Ratio">Least share of the machine's own product rate.</param>
/// <param name="Goal">The share that is aimed at.</param>
/// <param name="RecomputingRatio">The least share with recomputation, where one is asked for.</param>
internal sealed record TrainingShape(string Name, DecoderShape Decoder, int Sequences, int Length, int LoraRank, double Ratio, double Goal, double? RecomputingRatio = null)
{
    public static IReadOnlyList<TrainingShape> All { get; } =
    [
        new("i", Of(2048, 192, 6, 6, 2, 32, 512), 16, 128, 0, 0.68, 0.80),
        new("ii", Of(2048, 256, 6, 8, 4, 32, 768), 8, 256, 0, 0.69, 0.80),
        new("iii", Of(49152, 576, 30, 9, 3, 64, 1536) with { RopeBase = 100_000 }, 4, 128, 8, 0.61, 0.73, 0.46),
    ];

    public int Tokens => Sequences * Length;

    /// <summary>Floating-point operations of a token by golden/README.md: recomputation, norms and the optimiser do not count, all pairs of attention do.</summary>
    public double OperationsPerToken
    {
        get
        {
            DecoderShape d = Decoder;
            double q = d.Heads * d.HeadDim, kv = d.KvHeads * d.HeadDim, attention = 12.0 * d.Layers * q * Length;
            double matrices = (d.Layers * ((2 * d.Width * q) + (2 * d.Width * kv) + (3.0 * d.Width * d.Ffn))) + ((double)d.Vocabulary * d.Width);
            return LoraRank == 0 ? (6 * matrices) + attention : (4 * matrices) + (6 * d.Layers * LoraRank * (d.Width + q + d.Width + kv)) + attention;
        }
    }

    private static DecoderShape Of(int vocabulary, int width, int layers, int heads, int kvHeads, int headDim, int ffn) => new()
    {
        Vocabulary = vocabulary,
        Width = width,
        Layers = layers,
        Heads = heads,
        KvHeads = kvHeads,
        HeadDim = headDim,
        Ffn = ffn,
        Tied = true,
    };
}
