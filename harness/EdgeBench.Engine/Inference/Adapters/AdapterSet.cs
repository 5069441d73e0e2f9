using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Kernels.Packed;
using EdgeBench.Kernels.Transformer;

namespace EdgeBench.Engine.Inference.Adapters;

/// <summary>The adapters of a run, matrix by matrix; several on one matrix are one of the sum of their ranks. Weights stay as they are.</summary>
internal sealed unsafe class AdapterSet : IDisposable
{
    private readonly Dictionary<Linear, LinearAdapter> _byLinear = [];
    private readonly TransformerKernels _kernels;

    public AdapterSet(PackedDecoder model, IReadOnlyList<LoraFile> files, TransformerKernels kernels)
    {
        _kernels = kernels;
        foreach (DecoderLayer layer in model.Layers)
        {
            int offset = 0;
            foreach (Linear linear in layer.Linears)
            {
                (float[] A, float[] B, int Rank)[] parts = [.. files.Select(file => file.Of(linear, model.Architecture)).OfType<(float[], float[], int)>()];
                if (parts.Length == 0) continue;
                LinearAdapter adapter = Joined(parts, linear, offset);
                _byLinear[linear] = adapter;
                offset += adapter.Rank;
            }
            Stride = Math.Max(Stride, offset);
        }
    }

    /// <summary>Floats of a row of products A x of a layer.</summary>
    public int Stride { get; }

    /// <summary>A x of a matrix into its place in a row; nothing where it is not adapted.</summary>
    public void Project(Linear linear, float* x, float* row)
    {
        if (!_byLinear.TryGetValue(linear, out LinearAdapter? adapter)) return;
        for (int i = 0; i < adapter.Rank; i++) row[adapter.Offset + i] = _kernels.Dot(adapter.A.Floats + ((nint)i * linear.Inputs), x, linear.Inputs);
    }

    /// <summary>y[i · stride + r] += B (A x) for the rows r of groups [<paramref name="firstGroup"/>, <paramref name="endGroup"/>).</summary>
    public void Add(Linear linear, float* projected, int count, float* y, nint stride, int firstGroup, int endGroup)
    {
        if (!_byLinear.TryGetValue(linear, out LinearAdapter? adapter)) return;
        int first = firstGroup * PackedMatrix.GroupRows, end = Math.Min(endGroup * PackedMatrix.GroupRows, linear.Outputs);
        for (int row = 0; row < count; row++)
        {
            float* own = projected + ((nint)row * Stride) + adapter.Offset;
            for (int i = first; i < end; i++) y[(row * stride) + i] += _kernels.Dot(adapter.B.Floats + ((nint)i * adapter.Rank), own, adapter.Rank);
        }
    }

    public void Dispose()
    {
        foreach (LinearAdapter adapter in _byLinear.Values) adapter.Dispose();
    }

    private static LinearAdapter Joined((float[] A, float[] B, int Rank)[] parts, Linear linear, int offset)
    {
        int rank = parts.Sum(part => part.Rank), at = 0;
        float[] b = new float[rank * linear.Outputs];
        foreach ((_, float[] own, int width) in parts)
        {
            for (int row = 0; row < linear.Outputs; row++) own.AsSpan(row * width, width).CopyTo(b.AsSpan((row * rank) + at));
            at += width;
        }
        return new(rank, NativeBlock.Of([.. parts.SelectMany(part => part.A)]), NativeBlock.Of(b), offset);
    }
}
