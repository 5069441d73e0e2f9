using System.Runtime.InteropServices;
using EdgeBench.Kernels.Transformer;

namespace EdgeBench.Kernels.Tests.Transformer;

/// <summary>One key/value head with stored random positions, and what float64 arithmetic makes of it.</summary>
internal sealed unsafe class HeadFixture : IDisposable
{
    private readonly byte* _keys, _values;
    private readonly Memory _rawKeys, _rawValues;

    public HeadFixture(TransformerKernels kernels, KvLayout layout, int positions, int queries, float softcap = 0, int window = 0)
    {
        int blocks = (positions + KvLayout.Positions - 1) / KvLayout.Positions;
        _keys = (byte*)NativeMemory.AllocZeroed((nuint)(blocks * layout.KeyBlockBytes));
        _values = (byte*)NativeMemory.AllocZeroed((nuint)(blocks * layout.ValueBlockBytes));
        Head = new((nint)_keys, (nint)_values, layout, queries, 1 / MathF.Sqrt(layout.HeadDim), softcap, window);
        (_rawKeys, _rawValues) = (Memory.Random(positions * layout.HeadDim, 1), Memory.Random(positions * layout.HeadDim, 2));
        for (int i = 0; i < positions; i++) Assert.True(kernels.Store(Head, i, _rawKeys.Data + (i * layout.HeadDim), _rawValues.Data + (i * layout.HeadDim)));
    }

    public AttentionHead Head { get; }

    /// <summary>[count][queries][HeadDim] of queries at positions from <paramref name="first"/> on, from the values before they were rounded for the store.</summary>
    public double[] Expected(Memory queries, int count, int first)
    {
        int headDim = Head.Layout.HeadDim;
        double[] output = new double[count * Head.Queries * headDim];
        for (int row = 0; row < count * Head.Queries; row++)
        {
            int position = first + (row / Head.Queries), start = Head.FirstSeen(position);
            double[] scores = new double[position + 1];
            for (int key = start; key <= position; key++)
            {
                for (int i = 0; i < headDim; i++) scores[key] += (double)queries.Data[(row * headDim) + i] * _rawKeys.Data[(key * headDim) + i] * Head.Scale;
                if (Head.Softcap > 0) scores[key] = Head.Softcap * Math.Tanh(scores[key] / Head.Softcap);
            }
            double largest = scores[start..].Max(), sum = 0;
            for (int key = start; key <= position; key++) sum += scores[key] = Math.Exp(scores[key] - largest);
            for (int key = start; key <= position; key++)
            {
                for (int i = 0; i < headDim; i++) output[(row * headDim) + i] += scores[key] / sum * _rawValues.Data[(key * headDim) + i];
            }
        }
        return output;
    }

    public void Dispose()
    {
        NativeMemory.Free(_keys);
        NativeMemory.Free(_values);
        _rawKeys.Dispose();
        _rawValues.Dispose();
    }
}
