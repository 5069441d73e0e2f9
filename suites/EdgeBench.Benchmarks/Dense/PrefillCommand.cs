using System.CommandLine;
using EdgeBench.Benchmarks.Harness;
using EdgeBench.Engine.Decoding;
using EdgeBench.Kernels.Dense;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Benchmarks.Dense;

/// <summary><c>prefill</c>: tokens a second of the engine's float32 blocks, as calibration runs them, and their share of the multiply-add peak.</summary>
internal static class PrefillCommand
{
    private const int Length = 512;

    public static Command Create()
    {
        Argument<FileInfo> model = new("model") { Description = "GGUF file." };
        Option<int> windows = new("--windows") { Description = "Windows of 512 tokens in a batch.", DefaultValueFactory = _ => 4 };
        Option<int> threads = new("--threads") { DefaultValueFactory = _ => 2 };
        Command command = new("prefill", "Float32 windows through all blocks of a decoder, one block in memory, interleaved with the multiply-add peak.") { model, windows, threads };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(model).FullName, parsed.GetValue(windows), parsed.GetValue(threads)));
        return command;
    }

    private static void Run(string path, int windows, int threads)
    {
        using GgufFile file = GgufFile.Open(path);
        Decoder decoder = new(new GgufWeights(file), threads, Length);
        ModelArchitecture model = decoder.Architecture;
        Random random = new(1);
        int[] tokens = [.. Enumerable.Range(0, windows * Length).Select(_ => random.Next(model.Vocabulary))];
        float[] hidden = new float[tokens.Length * model.Width];
        decoder.Embed(tokens, hidden);
        string kernel = Gemm.Kernels.First(one => one.IsSupported).Name;
        List<double> shares = [];
        double loading = 0, running = 0, sums = 0, matrices = 0;
        for (int layer = 0; layer < model.Layers; layer++)
        {
            DecoderBlock block = null!;
            loading += WorkTime.Of(() => block = decoder.Block(layer), threads);
            if (layer == 0) block.Forward((float[])hidden.Clone(), windows, Length);
            double done = 0, peakSeconds = WorkTime.Of(() => done = FmaPeak.Run(kernel, 3_000_000, threads, out _), threads), peak = done / peakSeconds;
            double parameters = block.Matrices.Values.Sum(matrix => (double)matrix.Rows * matrix.Columns);
            matrices += parameters;
            double seconds = WorkTime.Of(() => block.Forward(hidden, windows, Length), threads);
            running += seconds;
            // Multiply-adds of the matrices, and of scores and values over the pairs that a causal mask leaves.
            double operations = tokens.Length * ((2 * parameters) + (2.0 * model.Heads * model.HeadDim * (Length + 1)));
            shares.Add(operations / seconds / peak);
            sums += HessianSeconds(block, tokens.Length, threads);
        }
        Console.WriteLine($"{windows} windows of {Length} tokens, {threads} thread(s), {matrices / 1e6:0.0} M weights in matrices, {WorkTime.Name(threads)}");
        Console.WriteLine($"blocks {tokens.Length / running:0} tok/s, loading {loading:0.00} s for all, share of the {kernel} peak {PairedRatio.Of(shares)}");
        Console.WriteLine($"128 such windows: {128.0 / windows * running:0.0} s through the blocks, {128.0 / windows * sums:0.0} s for the sums of XᵀX of each site");
    }

    // One Gram matrix for each distinct input.
    private static double HessianSeconds(DecoderBlock block, int rows, int threads)
    {
        double seconds = 0;
        foreach (int width in block.Matrices.Values.DistinctBy(matrix => matrix.Site).Select(matrix => matrix.Columns))
        {
            float[] x = new float[rows * width];
            double[] h = new double[width * width];
            seconds += WorkTime.Of(() => Gram.AddLower(x, rows, width, h, threads), threads);
        }
        return seconds;
    }
}
