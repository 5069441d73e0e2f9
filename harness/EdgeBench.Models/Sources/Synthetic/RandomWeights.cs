using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeBench.Kernels.Quantisation;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Shapes;

namespace EdgeBench.Models.Sources.Synthetic;

/// <summary>
/// The weights of one tensor, any part of it at any time. Norms are 1. Everything else is uniform with the standard deviation that GPT-2 starts
/// from: 0.02, and 0.02 / √(2 · layers) for the two projections that add to the residual stream (A. Radford et al., "Language models are
/// unsupervised multitask learners", 2019, section 2.3), which keeps activations finite. Sixteen random bits give one element, and every
/// arithmetic step is an exactly rounded IEEE operation, so the bytes are the same everywhere.
/// </summary>
internal sealed class RandomWeights
{
    /// <summary>Raised whenever the same shape and seed give other bytes.</summary>
    public const int Version = 1;

    /// <summary>Elements that one 64-bit number gives; parts of a tensor start at a multiple of it.</summary>
    public const int Group = 4;

    private readonly ulong _key;
    private readonly float[] _values = new float[1 << 16];
    private readonly ushort[] _halves = new ushort[1 << 16];

    public RandomWeights(PlannedTensor tensor, int layers, ulong seed)
    {
        _key = CounterRandom.Key(seed, tensor.Name);
        Type = tensor.IsMatrix ? GgmlType.F16 : GgmlType.F32;
        bool isResidual = tensor.Name.EndsWith("attn_output.weight", StringComparison.Ordinal) || tensor.Name.EndsWith("ffn_down.weight", StringComparison.Ordinal);
        double deviation = isResidual ? 0.02 / Math.Sqrt(2.0 * layers) : 0.02;
        // A uniform distribution's half width is √3 of its standard deviation; levels are the odd numbers from -65535 to 65535.
        float step = (float)(deviation * Math.Sqrt(3) / 65535);
        for (int bits = 0; bits < _values.Length; bits++)
            _values[bits] = tensor.Role == TensorRole.Norm ? 1 : ((2 * bits) - 65535) * step;
        HalfConversion.ToHalf(_values, MemoryMarshal.AsBytes(_halves.AsSpan()));
    }

    /// <summary>F16 for matrices, F32 for the rest.</summary>
    public GgmlType Type { get; }

    /// <summary>Fills whole elements from <paramref name="firstElement"/> (a multiple of <see cref="Group"/>) on.</summary>
    public void Fill(long firstElement, Span<byte> bytes)
    {
        if (Type == GgmlType.F16) FillHalves((ulong)firstElement / Group, MemoryMarshal.Cast<byte, ushort>(bytes));
        else FillSingles((ulong)firstElement / Group, bytes);
    }

    private void FillHalves(ulong counter, Span<ushort> target)
    {
        ref ushort table = ref MemoryMarshal.GetArrayDataReference(_halves);
        int i = 0;
        for (; i + Group <= target.Length; i += Group)
        {
            ulong bits = CounterRandom.At(_key, counter++);
            target[i] = Unsafe.Add(ref table, (ushort)bits);
            target[i + 1] = Unsafe.Add(ref table, (ushort)(bits >> 16));
            target[i + 2] = Unsafe.Add(ref table, (ushort)(bits >> 32));
            target[i + 3] = Unsafe.Add(ref table, (ushort)(bits >> 48));
        }
        for (int rest = i; rest < target.Length; rest++) target[rest] = _halves[Bits(counter, rest - i)];
    }

    private void FillSingles(ulong counter, Span<byte> target)
    {
        for (int i = 0; i * 4 < target.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(target[(i * 4)..], _values[Bits(counter + (ulong)(i / Group), i % Group)]);
    }

    private ushort Bits(ulong counter, int lane) => (ushort)(CounterRandom.At(_key, counter) >> (16 * lane));
}
