using System.Numerics.Tensors;
using EdgeBench.Engine.Decoding;

namespace EdgeBench.Benchmarks.Compression;

/// <summary>Scores of a compressed model against the dense one on the same windows, as ../shared/golden/compression-valid.md defines them.</summary>
/// <param name="Nll">For each predicted token, chunk by chunk: negative log likelihood in nats.</param>
internal sealed record SliceScore(double[] Nll, double[] DenseNll, double Kl, double Top1, int Chunks)
{
    public double PerplexityAll => Math.Exp(Nll.Average());

    public double PerplexityHalf => Math.Exp(Half(Nll).Average());

    public (double Mean, double Error) LnRatio => Paired(Nll, DenseNll);

    /// <summary>Mean and standard error over chunks of ln ppl(other) - ln ppl(this).</summary>
    public (double Mean, double Error) LowerThan(SliceScore other)
    {
        int each = Nll.Length / Chunks;
        double[] differences = [.. Enumerable.Range(0, Chunks).Select(c => other.Nll.AsSpan(c * each, each).ToArray().Average() - Nll.AsSpan(c * each, each).ToArray().Average())];
        return Paired(differences, new double[Chunks]);
    }

    // The second half of each window of n: positions n/2 to n - 2, each predicting the next token.
    private IEnumerable<double> Half(double[] values)
    {
        int each = values.Length / Chunks, first = (each + 1) / 2;
        return values.Where((_, i) => i % each >= first);
    }

    private static (double, double) Paired(double[] values, double[] others)
    {
        double[] differences = [.. values.Zip(others, (a, b) => a - b)];
        double mean = differences.Average();
        return (mean, Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (differences.Length - 1) / differences.Length));
    }
}

/// <summary>Runs windows through a dense model once, and through compressed ones as often as asked.</summary>
internal sealed class SliceScorer
{
    private readonly IReadOnlyList<int[]> _windows;
    private readonly Decoder _dense;
    private readonly float[][] _denseHidden;

    public SliceScorer(IWeights dense, IReadOnlyList<int[]> windows)
    {
        (_windows, _dense) = (windows, new Decoder(dense, 0, windows[0].Length));
        _denseHidden = Hidden(_dense, null);
    }

    public SliceScore Score(IWeights weights, ActivationTap? tap)
    {
        Decoder decoder = new(weights, 0, _windows[0].Length);
        float[][] hidden = Hidden(decoder, tap);
        int length = _windows[0].Length, vocabulary = decoder.Architecture.Vocabulary, width = decoder.Architecture.Width;
        List<double> nll = [], denseNll = [];
        double divergence = 0;
        int same = 0;
        float[] reference = new float[Decoder.HeadRows * vocabulary];
        double[] partitions = new double[Decoder.HeadRows];
        float[] scratch = new float[vocabulary];
        for (int chunk = 0; chunk < _windows.Count; chunk++)
        {
            int[] window = _windows[chunk];
            for (int first = 0; first < length - 1; first += Decoder.HeadRows)
            {
                int count = Math.Min(Decoder.HeadRows, length - 1 - first), start = first;
                _dense.Head(_denseHidden[chunk].AsSpan(first * width, count * width), (i, logits) =>
                {
                    logits.CopyTo(reference.AsSpan(i * vocabulary));
                    partitions[i] = LogPartition(logits, scratch);
                    denseNll.Add(partitions[i] - logits[window[start + i + 1]]);
                });
                decoder.Head(hidden[chunk].AsSpan(first * width, count * width), (i, logits) =>
                {
                    ReadOnlySpan<float> dense = reference.AsSpan(i * vocabulary, vocabulary);
                    double partition = LogPartition(logits, scratch);
                    nll.Add(partition - logits[window[start + i + 1]]);
                    if (TensorPrimitives.IndexOfMax(dense) == TensorPrimitives.IndexOfMax(logits)) same++;
                    divergence += Divergence(dense, partitions[i], logits, partition, scratch);
                });
            }
        }
        return new SliceScore([.. nll], [.. denseNll], divergence / nll.Count, (double)same / nll.Count, _windows.Count);
    }

    private float[][] Hidden(Decoder decoder, ActivationTap? tap)
    {
        int width = decoder.Architecture.Width, length = _windows[0].Length;
        float[] all = new float[_windows.Count * length * width];
        decoder.Embed([.. _windows.SelectMany(window => window)], all);
        for (int layer = 0; layer < decoder.Architecture.Layers; layer++)
        {
            decoder.Block(layer).Forward(all, _windows.Count, length, tap);
            // So that the peak tells what a row needs and not how long garbage was left.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        }
        return all.Chunk(length * width).ToArray();
    }

    private static double LogPartition(ReadOnlySpan<float> logits, float[] scratch)
    {
        float max = TensorPrimitives.Max(logits);
        TensorPrimitives.Subtract(logits, max, scratch);
        TensorPrimitives.Exp(scratch, scratch);
        return max + Math.Log(TensorPrimitives.Sum<float>(scratch));
    }

    // Σ p (r - a) + log Z(a) - log Z(r).
    private static double Divergence(ReadOnlySpan<float> dense, double densePartition, ReadOnlySpan<float> logits, double partition, float[] scratch)
    {
        TensorPrimitives.Subtract(dense, (float)densePartition, scratch);
        TensorPrimitives.Exp(scratch, scratch);
        return TensorPrimitives.Dot(scratch, dense) - TensorPrimitives.Dot(scratch, logits) + partition - densePartition;
    }
}
