using System.Numerics.Tensors;

namespace EdgeBench.Compression.Calibration;

/// <summary>What one site of a block read over the whole calibration text.</summary>
/// <param name="width">Elements of an input.</param>
/// <param name="withGram">Whether the Gram matrix is gathered (8 · width² bytes), or its diagonal only.</param>
public sealed class SiteStatistics(int width, bool withGram)
{
    private readonly double[] _absolute = new double[width], _squares = new double[width];
    private readonly float[] _magnitudes = new float[width], _largest = new float[width];
    private bool _mirrored;

    public int Width => width;

    /// <summary>Inputs seen.</summary>
    public long Rows { get; private set; }

    /// <summary>XᵀX [width, width], symmetric; empty where it was not asked for. Sums of 512 rows in float32, these in float64.</summary>
    public double[] Gram { get; } = withGram ? new double[(long)width * width] : [];

    /// <summary>Largest magnitude of each element.</summary>
    public ReadOnlySpan<float> Largest => _largest;

    /// <summary>Mean magnitude of each element.</summary>
    public float[] MeanMagnitude => [.. _absolute.Select(sum => (float)(sum / Rows))];

    /// <summary>Mean square of each element.</summary>
    public float[] MeanSquare => [.. _squares.Select(sum => (float)(sum / Rows))];

    /// <param name="inputs">[rows, width].</param>
    public void Add(ReadOnlySpan<float> inputs, int threads)
    {
        int rows = inputs.Length / width;
        Rows += rows;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> one = inputs.Slice(row * width, width);
            TensorPrimitives.Abs(one, _magnitudes);
            TensorPrimitives.Max(_largest, _magnitudes, _largest);
            for (int i = 0; i < width; i++)
            {
                double value = _magnitudes[i];
                _absolute[i] += value;
                _squares[i] += value * value;
            }
        }
        if (withGram) EdgeBench.Kernels.Dense.Gram.AddLower(inputs, rows, width, Gram, threads);
    }

    /// <summary>Ends gathering.</summary>
    internal void Complete()
    {
        if (withGram && !_mirrored) EdgeBench.Kernels.Dense.Gram.Mirror(Gram, width);
        _mirrored = true;
    }
}
