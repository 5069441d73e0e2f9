using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeBench.Backends.OnnxRuntime;

/// <summary>
/// Decoders that somebody else exported: with a shared cache of fixed length (GroupQueryAttention), or with one that every call returns longer. In the second
/// case what a call returns is handed to the next as it is.
/// </summary>
internal sealed class ForeignRun : IDecoderRun
{
    private readonly InferenceSession _session;
    private readonly OnnxSignature _signature;
    private readonly RunOptions _options = new();
    private readonly int _context, _vocabulary;
    private readonly NativeBuffer? _shared;
    private readonly List<OrtValue> _sharedTensors = [];
    private List<OrtValue> _grown = [];
    private float[] _logits = [];
    private int _rows, _tokens;

    public ForeignRun(InferenceSession session, OnnxSignature signature, int context, int vocabulary)
    {
        (_session, _signature, _context, _vocabulary) = (session, signature, context, vocabulary);
        if (!signature.SharedCache) return;
        _shared = new(signature.Cache.Sum(tensor => tensor.Bytes(context)));
        long offset = 0;
        foreach (CacheTensor tensor in signature.Cache)
        {
            _sharedTensors.Add(_shared.Tensor(Element(tensor.Type), [1, tensor.Heads, context, tensor.HeadDim], tensor.Bytes(context), offset));
            offset += tensor.Bytes(context);
        }
    }

    // What grows is counted at its longest, as the context asks for it.
    public long KvBytes => _signature.Cache.Sum(tensor => tensor.Bytes(_context));

    public string CacheDescription =>
        $"{(_signature.Cache[0].Type == OnnxDataType.Float16 ? "float16" : "float32")}, {(_shared is null ? "returned longer by each call" : "one buffer as past and present")}";

    public bool FixedCache => _shared is not null;

    public void Run(ReadOnlySpan<int> tokens, int position, int firstRow)
    {
        int total = position + tokens.Length;
        List<OrtValue> own = [];
        using OrtIoBinding binding = _session.CreateIoBinding();
        try
        {
            Bind(_signature.Tokens, Long([1, tokens.Length], [.. tokens.ToArray().Select(token => (long)token)]));
            if (_signature.Mask is { } mask) Bind(mask, Long([1, total], [.. Enumerable.Repeat(1L, total)]));
            if (_signature.Positions is { } positions) Bind(positions, Long([1, tokens.Length], [.. Enumerable.Range(position, tokens.Length).Select(at => (long)at)]));
            if (_signature.LogitRows is { } rows) Bind(rows, Long([tokens.Length - firstRow], [.. Enumerable.Range(firstRow, tokens.Length - firstRow).Select(row => (long)row)]));
            if (_signature.LastPosition is { } last) Bind(last, OrtValue.CreateTensorValueFromMemory(new[] { total - 1 }, [1]));
            if (_signature.TotalLength is { } length) Bind(length, OrtValue.CreateTensorValueFromMemory(new[] { total }, [1]));
            if (_signature.UseCache is { } use) Bind(use, OrtValue.CreateTensorValueFromMemory(new[] { position > 0 }, [1]));
            BindCache(binding, own, position);
            binding.BindOutputToDevice(_signature.Logits, OrtMemoryInfo.DefaultInstance);
            Finish(binding, tokens.Length, firstRow);
        }
        catch (OnnxRuntimeException error)
        {
            throw OnnxRuntimeFailures.Run(error);
        }
        finally
        {
            foreach (OrtValue value in own) value.Dispose();
        }

        void Bind(string name, OrtValue value)
        {
            own.Add(value);
            binding.BindInput(name, value);
        }

        static OrtValue Long(long[] shape, long[] values) => OrtValue.CreateTensorValueFromMemory(values, shape);
    }

    public ReadOnlySpan<float> Row(int index)
    {
        int first = _tokens - _rows;
        return index >= first ? _logits.AsSpan((index - first) * _vocabulary, _vocabulary)
            : throw new TrialException(FailureKind.Unsupported, "This model gives the last token's logits only", "Use a workload that reads no others, or export the model with all logits.");
    }

    public void Reset()
    {
        foreach (OrtValue value in _grown) value.Dispose();
        _grown = [];
    }

    public void Dispose()
    {
        Reset();
        foreach (OrtValue value in _sharedTensors) value.Dispose();
        _shared?.Dispose();
        _options.Dispose();
    }

    private void BindCache(OrtIoBinding binding, List<OrtValue> own, int position)
    {
        for (int i = 0; i < _signature.Cache.Count; i++)
        {
            CacheTensor tensor = _signature.Cache[i];
            if (_shared is not null)
            {
                binding.BindInput(tensor.Past, _sharedTensors[i]);
                binding.BindOutput(tensor.Present, _sharedTensors[i]);
                continue;
            }
            if (position == 0)
            {
                OrtValue empty = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, Element(tensor.Type), [1, tensor.Heads, 0, tensor.HeadDim]);
                own.Add(empty);
                binding.BindInput(tensor.Past, empty);
            }
            else
            {
                binding.BindInput(tensor.Past, _grown[i]);
            }
            binding.BindOutputToDevice(tensor.Present, OrtMemoryInfo.DefaultInstance);
        }
    }

    private void Finish(OrtIoBinding binding, int tokens, int firstRow)
    {
        // The collection's Dispose would free the cache too, which the next call reads.
        IDisposableReadOnlyCollection<OrtValue> outputs = _session.RunWithBoundResults(_options, binding);
        Dictionary<string, OrtValue> byName = binding.GetOutputNames().Zip(outputs).ToDictionary(pair => pair.First, pair => pair.Second);
        using OrtValue logits = byName[_signature.Logits];
        if (_shared is null)
        {
            Reset();
            _grown = [.. _signature.Cache.Select(tensor => byName[tensor.Present])];
        }
        else
        {
            foreach (CacheTensor tensor in _signature.Cache) byName[tensor.Present].Dispose();
        }
        Keep(logits, tokens, firstRow);
    }

    private void Keep(OrtValue logits, int tokens, int firstRow)
    {
        long[] shape = logits.GetTensorTypeAndShape().Shape;
        int rows = shape.Length == 3 && shape[2] == _vocabulary ? (int)shape[1] : 0;
        if (rows != tokens && rows != 1 && rows != tokens - firstRow)
            throw new TrialException(FailureKind.Unsupported, $"The model gives logits of shape [{string.Join(", ", shape)}] for {tokens} tokens of a vocabulary of {_vocabulary}", "Check the tokenizer and 'names.logits'.");
        (_rows, _tokens) = (rows, tokens);
        if (_logits.Length < rows * _vocabulary) _logits = new float[rows * _vocabulary];
        if (_signature.LogitType == OnnxDataType.Float)
        {
            logits.GetTensorDataAsSpan<float>().CopyTo(_logits);
            return;
        }
        ReadOnlySpan<Float16> halves = logits.GetTensorDataAsSpan<Float16>();
        for (int i = 0; i < halves.Length; i++) _logits[i] = (float)halves[i];
    }

    private static TensorElementType Element(OnnxDataType type) => type == OnnxDataType.Float16 ? TensorElementType.Float16 : TensorElementType.Float;
}
