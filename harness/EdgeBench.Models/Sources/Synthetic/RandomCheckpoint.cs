using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Shapes;

namespace EdgeBench.Models.Sources.Synthetic;

/// <summary>A GGUF file of random weights: matrices F16, norms and biases F32, and a tokenizer that llama.cpp accepts.</summary>
public sealed class RandomCheckpoint
{
    private const string VersionKey = "edgebench.random.version";

    /// <summary>Elements that one thread makes at a time.</summary>
    private const int ChunkElements = 1 << 19;

    private readonly TensorPlan _plan;
    private readonly ulong _seed;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for a shape that no file can have.</summary>
    public RandomCheckpoint(TransformerShape shape, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(shape);
        (_plan, _seed) = (TensorPlan.For(shape), seed);
        if (shape.Vocabulary < PlaceholderTokenizer.SmallestVocabulary)
        {
            throw EdgeBenchException.BadInput($"vocabulary {shape.Vocabulary}", $"at least {PlaceholderTokenizer.SmallestVocabulary} for random weights",
                "The tokenizer in the file needs 3 special tokens, 256 bytes and the space mark.");
        }
    }

    /// <summary>Hash of shape, seed and generator version: equal exactly where the bytes are.</summary>
    public string Identity => ContentHash.OfText(EdgeBenchJson.Serialize(new
    {
        RandomWeights.Version,
        Seed = _seed,
        Shape = _plan.Shape with { HeadDim = ShapeRules.HeadDim(_plan.Shape) },
    }));

    public TransformerShape Shape => _plan.Shape;

    public long FileBytes => GgufWriter.Measure(Metadata(), Tensors(_ => { }, 1));

    /// <summary>Whether a file says of itself that its weights are random.</summary>
    public static bool IsRandom(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Metadata.ContainsKey(VersionKey);
    }

    /// <summary>The same of a file that is not written yet.</summary>
    public static bool IsRandom(GgufOutline file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Metadata.ContainsKey(VersionKey);
    }

    /// <summary>Writes atomically on <paramref name="threads"/> threads; the bytes do not depend on their number.</summary>
    public void Write(string path, int threads, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        GgufWriter.Write(path, Metadata(), Tensors(position =>
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Invoke(position);
        }, threads));
    }

    private List<KeyValuePair<string, GgufValue>> Metadata()
    {
        TransformerShape shape = _plan.Shape;
        string arch = shape.Architecture;
        uint headDim = (uint)ShapeRules.HeadDim(shape);
        List<KeyValuePair<string, GgufValue>> metadata =
        [
            new("general.architecture", GgufValue.From(arch)),
            // Without the name of an architecture: llama.cpp expects tokens of Phi-3 of a model that is called so.
            new("general.name", GgufValue.From($"random weights {shape.Layers}L d{shape.Width}")),
            // llama.cpp's LLAMA_FTYPE_MOSTLY_F16
            new("general.file_type", GgufValue.From(1u)),
            new($"{arch}.context_length", GgufValue.From((uint)shape.Context)),
            new($"{arch}.embedding_length", GgufValue.From((uint)shape.Width)),
            new($"{arch}.block_count", GgufValue.From((uint)shape.Layers)),
            new($"{arch}.feed_forward_length", GgufValue.From((uint)shape.Ffn)),
            new($"{arch}.attention.head_count", GgufValue.From((uint)shape.Heads)),
            new($"{arch}.attention.head_count_kv", GgufValue.From((uint)shape.KvHeads)),
            new($"{arch}.attention.key_length", GgufValue.From(headDim)),
            new($"{arch}.attention.value_length", GgufValue.From(headDim)),
            new($"{arch}.attention.layer_norm_rms_epsilon", GgufValue.From((float)shape.NormEpsilon)),
            new($"{arch}.rope.dimension_count", GgufValue.From(headDim)),
            new($"{arch}.rope.freq_base", GgufValue.From((float)shape.RopeBase)),
            new($"{arch}.vocab_size", GgufValue.From((uint)shape.Vocabulary)),
            new(VersionKey, GgufValue.From((uint)RandomWeights.Version)),
            new("edgebench.random.seed", GgufValue.From(_seed)),
        ];
        metadata.AddRange(PlaceholderTokenizer.Metadata(shape.Vocabulary));
        return metadata;
    }

    private List<GgufTensorSource> Tensors(Action<long> written, int threads) =>
    [
        .. _plan.Tensors.Select(tensor => new GgufTensorSource(tensor.Name, tensor.IsMatrix ? GgmlType.F16 : GgmlType.F32, tensor.Dimensions,
            stream => WriteTensor(tensor, stream, threads, written))),
    ];

    private void WriteTensor(PlannedTensor tensor, Stream stream, int threads, Action<long> written)
    {
        RandomWeights weights = new(tensor, _plan.Shape.Layers, _seed);
        int width = weights.Type.Info().BlockBytes;
        byte[] buffer = new byte[Math.Min(tensor.Elements, (long)ChunkElements * threads) * width];
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads };
        for (long first = 0; first < tensor.Elements; first += buffer.Length / width)
        {
            int elements = (int)Math.Min(buffer.Length / width, tensor.Elements - first);
            long start = first;
            Parallel.For(0, (elements + ChunkElements - 1) / ChunkElements, options, chunk =>
            {
                int from = chunk * ChunkElements, count = Math.Min(ChunkElements, elements - from);
                weights.Fill(start + from, buffer.AsSpan(from * width, count * width));
            });
            stream.Write(buffer, 0, elements * width);
            written(stream.Position);
        }
    }
}
