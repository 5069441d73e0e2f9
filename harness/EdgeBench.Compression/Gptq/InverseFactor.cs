using System.Numerics.Tensors;
using EdgeBench.Core.Problems;

namespace EdgeBench.Compression.Gptq;

/// <summary>
/// What GPTQ needs of a Hessian H: with H⁻¹ = UᵀU, U upper triangular, the matrix Uᵀ, rows in the order in which columns are quantised.
/// Found without an inverse: H with rows and columns reversed is L·Lᵀ, and U is L⁻¹ reversed. In float64, stored as float32.
/// </summary>
internal sealed class InverseFactor
{
    private const int Panel = 32;

    private InverseFactor(int[] order, float[] transposed) => (Order, Transposed) = (order, transposed);

    /// <summary>Columns in the order in which they are quantised.</summary>
    public int[] Order { get; }

    /// <summary>Uᵀ, row-major, lower triangular: element [l, j] is U[j, l].</summary>
    public float[] Transposed { get; }

    public int Size => Order.Length;

    /// <param name="hessian">Symmetric, row-major, any positive multiple.</param>
    /// <param name="damping">Share of the mean diagonal that is added to it.</param>
    /// <param name="name">For messages.</param>
    public static InverseFactor Of(ReadOnlySpan<double> hessian, int[] order, double damping, string name, CancellationToken cancellation)
    {
        int size = order.Length;
        double mean = 0;
        for (int i = 0; i < size; i++) mean += hessian[(i * size) + i];
        mean /= size;
        if (!(mean > 0) || !double.IsFinite(mean))
            throw EdgeBenchException.BadInput($"the inputs of {name} are all zero or not finite on the calibration text", "activations that are numbers", "Check the model with 'edgebench models inspect', and the text.");
        double[] matrix = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            ReadOnlySpan<double> row = hessian.Slice(order[size - 1 - i] * size, size);
            for (int j = 0; j <= i; j++) matrix[(i * size) + j] = row[order[size - 1 - j]];
            matrix[(i * size) + i] += damping * mean;
        }
        Factorise(matrix, size, name, cancellation);
        double[] inverse = Invert(matrix, size, cancellation);
        float[] transposed = new float[size * size];
        for (int l = 0; l < size; l++)
        {
            for (int j = 0; j <= l; j++) transposed[(l * size) + j] = (float)inverse[((size - 1 - j) * size) + size - 1 - l];
        }
        return new InverseFactor(order, transposed);
    }

    /// <summary>
    /// The factor of inputs that are divided by <paramref name="scales"/>, in the same order; damping is scaled with them. With H' = D⁻¹HD⁻¹,
    /// U' = UD.
    /// </summary>
    public InverseFactor Scaled(ReadOnlySpan<float> scales)
    {
        float[] scaled = new float[Transposed.Length];
        for (int l = 0; l < Size; l++) TensorPrimitives.Multiply(Transposed.AsSpan(l * Size, l + 1), scales[Order[l]], scaled.AsSpan(l * Size, l + 1));
        return new InverseFactor(Order, scaled);
    }

    // Cholesky by panels of rows: rows of a panel are independent up to its own columns.
    private static void Factorise(double[] a, int size, string name, CancellationToken cancellation)
    {
        for (int start = 0; start < size; start += Panel)
        {
            cancellation.ThrowIfCancellationRequested();
            int first = start, end = Math.Min(start + Panel, size), half = (end - first + 1) / 2;
            Parallel.For(0, 2, part =>
            {
                int from = first + (part * half), to = Math.Min(from + half, end);
                for (int j = 0; j < first; j++)
                {
                    for (int i = from; i < to; i++) Eliminate(a, size, i, j);
                }
            });
            for (int i = first; i < end; i++)
            {
                for (int j = first; j < i; j++) Eliminate(a, size, i, j);
                ReadOnlySpan<double> row = a.AsSpan(i * size, i);
                double pivot = a[(i * size) + i] - TensorPrimitives.Dot(row, row);
                if (!(pivot > 0))
                    throw EdgeBenchException.BadInput($"the second moments of the inputs of {name} are not positive definite", "more or other calibration text, or more damping", "Raise 'damping'.");
                a[(i * size) + i] = Math.Sqrt(pivot);
            }
        }
    }

    private static void Eliminate(double[] a, int size, int i, int j)
    {
        double dot = TensorPrimitives.Dot<double>(a.AsSpan(i * size, j), a.AsSpan(j * size, j));
        a[(i * size) + j] = (a[(i * size) + j] - dot) / a[(j * size) + j];
    }

    // Columns of the inverse are independent; a band of them stays in cache.
    private static double[] Invert(double[] lower, int size, CancellationToken cancellation)
    {
        double[] inverse = new double[size * size];
        Parallel.For(0, (size + Panel - 1) / Panel, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, band =>
        {
            int from = band * Panel, to = Math.Min(from + Panel, size);
            for (int i = from; i < size; i++)
            {
                Span<double> row = inverse.AsSpan((i * size) + from, Math.Min(i + 1, to) - from);
                for (int k = from; k < i; k++)
                {
                    Span<double> known = inverse.AsSpan((k * size) + from, Math.Min(k + 1, to) - from);
                    TensorPrimitives.MultiplyAdd(known, -lower[(i * size) + k], row[..known.Length], row[..known.Length]);
                }
                if (i < to) row[i - from] += 1;
                TensorPrimitives.Divide(row, lower[(i * size) + i], row);
            }
        });
        return inverse;
    }
}
