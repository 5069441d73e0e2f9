using System.Runtime.InteropServices;
using EdgeBench.Kernels.Transformer;

namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>All heads of a layer, one key/value head after the other, over a cache that holds everything already.</summary>
internal sealed unsafe class AttentionWork : KernelWork
{
    private const int LineBytes = 64;

    private readonly TransformerKernels _kernels;
    private readonly ModelShapes _model;
    private readonly KvLayout _layout;
    private readonly int _depth, _count, _scratchFloats, _blocks;
    private readonly byte* _cache;
    private readonly float* _queries, _output, _scratch;

    public AttentionWork(TransformerKernels kernels, ModelShapes model, KvLayout layout, int depth, int count)
    {
        (_kernels, _model, _layout, _depth, _count) = (kernels, model, layout, depth, count);
        _blocks = (depth + count + KvLayout.Positions - 1) / KvLayout.Positions;
        _scratchFloats = kernels.AttendScratch(layout, QueriesOfHead, count);
        _cache = Zeros((nuint)HeadBytes * (nuint)model.KvHeads);
        _queries = (float*)Zeros((nuint)(model.Width * count * sizeof(float)));
        _output = (float*)Zeros((nuint)(model.Width * count * sizeof(float)));
        _scratch = (float*)Zeros((nuint)(_scratchFloats * sizeof(float)));
        SampleValues.Normal(model.Width * count).CopyTo(new Span<float>(_queries, model.Width * count));
        Fill();
    }

    // A score and a weighted sum for each element of each key and value seen.
    public override double Operations => 4.0 * _model.Width * ((_count * (double)_depth) + (_count * (_count + 1) / 2.0));

    public override double Bytes => ((double)HeadBytes * _model.KvHeads) + (2.0 * sizeof(float) * _model.Width * _count);

    private int QueriesOfHead => _model.Heads / _model.KvHeads;

    private nint HeadBytes => (nint)_blocks * (_layout.KeyBlockBytes + _layout.ValueBlockBytes);

    public override void Run()
    {
        for (int head = 0; head < _model.KvHeads; head++)
        {
            int first = head * QueriesOfHead * _model.HeadDim;
            _kernels.Attend(Head(head), _queries + first, _model.Width, _count, _depth, _output + first, _model.Width, _scratch);
        }
    }

    public override void Dispose()
    {
        NativeMemory.AlignedFree(_cache);
        NativeMemory.AlignedFree(_queries);
        NativeMemory.AlignedFree(_output);
        NativeMemory.AlignedFree(_scratch);
    }

    private AttentionHead Head(int head)
    {
        nint keys = (nint)_cache + (head * HeadBytes);
        return new AttentionHead(keys, keys + ((nint)_blocks * _layout.KeyBlockBytes), _layout, QueriesOfHead, 1 / MathF.Sqrt(_model.HeadDim), 0, 0);
    }

    private void Fill()
    {
        float[] values = SampleValues.Normal(_model.HeadDim * 2);
        fixed (float* key = values)
        {
            for (int head = 0; head < _model.KvHeads; head++)
            {
                for (int position = 0; position < _depth + _count; position++) _kernels.Store(Head(head), position, key, key + _model.HeadDim);
            }
        }
    }

    private static byte* Zeros(nuint bytes)
    {
        byte* data = (byte*)NativeMemory.AlignedAlloc(bytes, LineBytes);
        NativeMemory.Clear(data, bytes);
        return data;
    }
}
