using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeBench.Backends.OnnxRuntime;

/// <summary>
/// EdgeBench's own exports: one cache of fixed length bound as past and as present, so that it is never copied, and logits for the wanted rows only (one at least).
/// One token at a time runs on a binding that never changes: nothing is allocated.
/// </summary>
internal sealed class SharedCacheRun : IDecoderRun
{
    private readonly InferenceSession _session;
    private readonly OnnxSignature _signature;
    private readonly RunOptions _options = new();
    private readonly NativeBuffer _cache, _tokens, _rows, _last, _total, _logits;
    private readonly List<OrtValue> _fixed = [];
    private readonly OrtIoBinding _step, _batch;
    private readonly int _vocabulary;
    private OrtValue? _batchTokens, _batchRows, _batchLogits;
    private int _firstRow;

    /// <param name="batch">Most tokens of one call.</param>
    /// <param name="rows">Most rows of logits of one call.</param>
    public SharedCacheRun(InferenceSession session, OnnxSignature signature, int context, int vocabulary, int batch, int rows)
    {
        (_session, _signature, _vocabulary) = (session, signature, vocabulary);
        _cache = new(signature.Cache.Sum(tensor => Aligned(tensor.Bytes(context))));
        _tokens = new(batch * 8L);
        _rows = new(batch * 8L);
        _last = new(4);
        _total = new(4);
        _logits = new((long)rows * vocabulary * 4);
        (_step, _batch) = (session.CreateIoBinding(), session.CreateIoBinding());
        foreach (OrtIoBinding binding in (OrtIoBinding[])[_step, _batch])
        {
            BindCache(binding, context);
            binding.BindInput(signature.LastPosition!, Keep(_last.Tensor(TensorElementType.Int32, [1], 4)));
            binding.BindInput(signature.TotalLength!, Keep(_total.Tensor(TensorElementType.Int32, [1], 4)));
        }
        _step.BindInput(signature.Tokens, Keep(_tokens.Tensor(TensorElementType.Int64, [1, 1], 8)));
        _step.BindInput(signature.LogitRows!, Keep(_rows.Tensor(TensorElementType.Int64, [1], 8)));
        _step.BindOutput(signature.Logits, Keep(_logits.Tensor(TensorElementType.Float, [1, 1, vocabulary], vocabulary * 4L)));
    }

    public long KvBytes => _cache.Bytes;

    public string CacheDescription => "float32, one buffer as past and present";

    public bool FixedCache => true;

    /// <summary>Where the cache lies, and where the last call left each of its outputs: equal addresses mean that nothing was copied out.</summary>
    internal (nint Start, long Bytes, IReadOnlyList<nint> Outputs) Addresses()
    {
        using IDisposableReadOnlyCollection<OrtValue> outputs = _step.GetOutputValues();
        string[] names = _step.GetOutputNames();
        List<nint> places = [];
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i] != _signature.Logits) places.Add(Address(outputs[i]));
        }
        return (_cache.Address, _cache.Bytes, places);
    }

    public void Run(ReadOnlySpan<int> tokens, int position, int firstRow)
    {
        Span<long> ids = _tokens.Span<long>(), rows = _rows.Span<long>();
        // ONNX Runtime refuses an empty product with the minima of blocks: a call that wants no logits computes its last row's.
        firstRow = Math.Min(firstRow, tokens.Length - 1);
        for (int i = 0; i < tokens.Length; i++) ids[i] = tokens[i];
        for (int row = firstRow; row < tokens.Length; row++) rows[row - firstRow] = row;
        _total.Span<int>()[0] = position + tokens.Length;
        _last.Span<int>()[0] = position + tokens.Length - 1;
        _firstRow = firstRow;
        if (tokens.Length > 1) BindBatch(tokens.Length, tokens.Length - firstRow);
        try
        {
            _session.RunWithBinding(_options, tokens.Length == 1 ? _step : _batch);
        }
        catch (OnnxRuntimeException error)
        {
            throw OnnxRuntimeFailures.Run(error);
        }
    }

    public ReadOnlySpan<float> Row(int index) => _logits.Span<float>().Slice((index - _firstRow) * _vocabulary, _vocabulary);

    public void Reset()
    {
        // Positions beyond the length that a call states are never read.
    }

    public void Dispose()
    {
        _step.Dispose();
        _batch.Dispose();
        foreach (OrtValue? value in (OrtValue?[])[.. _fixed, _batchTokens, _batchRows, _batchLogits]) value?.Dispose();
        foreach (NativeBuffer buffer in (NativeBuffer[])[_cache, _tokens, _rows, _last, _total, _logits]) buffer.Dispose();
        _options.Dispose();
    }

    private void BindCache(OrtIoBinding binding, int context)
    {
        long offset = 0;
        foreach (CacheTensor tensor in _signature.Cache)
        {
            OrtValue value = Keep(_cache.Tensor(TensorElementType.Float, [1, tensor.Heads, context, tensor.HeadDim], tensor.Bytes(context), offset));
            binding.BindInput(tensor.Past, value);
            binding.BindOutput(tensor.Present, value);
            offset += Aligned(tensor.Bytes(context));
        }
    }

    private void BindBatch(int tokens, int rows)
    {
        Replace(ref _batchTokens, _tokens.Tensor(TensorElementType.Int64, [1, tokens], tokens * 8L));
        Replace(ref _batchRows, _rows.Tensor(TensorElementType.Int64, [rows], rows * 8L));
        Replace(ref _batchLogits, _logits.Tensor(TensorElementType.Float, [1, rows, _vocabulary], (long)rows * _vocabulary * 4));
        _batch.BindInput(_signature.Tokens, _batchTokens!);
        _batch.BindInput(_signature.LogitRows!, _batchRows!);
        _batch.BindOutput(_signature.Logits, _batchLogits!);
    }

    private static void Replace(ref OrtValue? held, OrtValue next)
    {
        held?.Dispose();
        held = next;
    }

    private OrtValue Keep(OrtValue value)
    {
        _fixed.Add(value);
        return value;
    }

    private static long Aligned(long bytes) => (bytes + 63) / 64 * 64;

    private static unsafe nint Address(OrtValue value)
    {
        fixed (byte* start = value.GetTensorMutableRawData()) return (nint)start;
    }
}
