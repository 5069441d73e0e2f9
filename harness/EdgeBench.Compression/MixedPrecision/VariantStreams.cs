using EdgeBench.Engine.Decoding;

namespace EdgeBench.Compression.MixedPrecision;

/// <summary>
/// The residual streams of a decoder of which one part is changed, all carried through the layers together so that each layer is loaded once: the dense
/// stream, one in which a single layer is changed (for each layer), and one in which one kind of matrix is changed everywhere (for each kind).
/// Memory: 4 · tokens · width bytes for each stream.
/// </summary>
internal sealed class VariantStreams
{
    private readonly Decoder _decoder;
    private readonly int _sequences;
    private readonly int _length;
    private readonly float[] _dense;
    private readonly List<float[]> _layers = [];
    private readonly SortedDictionary<string, float[]> _kinds = new(StringComparer.Ordinal);

    public VariantStreams(Decoder decoder, IReadOnlyList<int[]> sequences)
    {
        (_decoder, _sequences, _length) = (decoder, sequences.Count, sequences[0].Length);
        _dense = new float[_sequences * _length * decoder.Architecture.Width];
        decoder.Embed([.. sequences.SelectMany(sequence => sequence)], _dense);
    }

    /// <summary>Goes through the next layer.</summary>
    /// <param name="block">Dense; left so.</param>
    /// <param name="changed">The changed values of its matrices, by name.</param>
    public void Pass(DecoderBlock block, IReadOnlyDictionary<string, float[]> changed)
    {
        foreach (float[] stream in _layers) Forward(block, stream);
        foreach (IGrouping<string, BlockMatrix> kind in block.Matrices.Values.GroupBy(matrix => KindOf(matrix.Name)))
        {
            if (!_kinds.TryGetValue(kind.Key, out float[]? stream)) _kinds[kind.Key] = stream = (float[])_dense.Clone();
            Changed(block, changed, matrix => KindOf(matrix) == kind.Key, stream);
        }
        // Kinds that this layer has not pass through it as it is.
        HashSet<string> here = [.. block.Matrices.Keys.Select(KindOf)];
        foreach (float[] stream in _kinds.Where(kind => !here.Contains(kind.Key)).Select(kind => kind.Value)) Forward(block, stream);
        float[] own = (float[])_dense.Clone();
        Changed(block, changed, _ => true, own);
        _layers.Add(own);
        Forward(block, _dense);
    }

    /// <summary>Mean divergence KL(dense ‖ changed) of the next token, in nats: of each layer, and of each kind.</summary>
    public (double[] Layers, Dictionary<string, double> Kinds) Divergences(CancellationToken cancellation)
    {
        int width = _decoder.Architecture.Width, tokens = _sequences * _length, vocabulary = _decoder.Architecture.Vocabulary;
        float[][] streams = [.. _layers, .. _kinds.Values];
        double[] sums = new double[streams.Length];
        float[] reference = new float[Decoder.HeadRows * vocabulary];
        for (int first = 0; first < tokens; first += Decoder.HeadRows)
        {
            cancellation.ThrowIfCancellationRequested();
            int rows = Math.Min(Decoder.HeadRows, tokens - first);
            _decoder.Head(_dense.AsSpan(first * width, rows * width), (row, logits) => logits.CopyTo(reference.AsSpan(row * vocabulary)));
            for (int i = 0; i < streams.Length; i++)
            {
                double sum = 0;
                _decoder.Head(streams[i].AsSpan(first * width, rows * width),
                    (row, logits) => sum += Divergence.Of(reference.AsSpan(row * vocabulary, vocabulary), logits));
                sums[i] += sum;
            }
        }
        // Rounding may leave a tiny negative number where nothing changed.
        double[] means = [.. sums.Select(sum => Math.Max(0, sum / tokens))];
        return (means[.._layers.Count], _kinds.Keys.Select((kind, i) => (kind, means[_layers.Count + i])).ToDictionary(pair => pair.kind, pair => pair.Item2));
    }

    /// <summary><c>attn_q</c> of <c>blk.3.attn_q.weight</c>.</summary>
    public static string KindOf(string name) => name.Split('.') is ["blk", _, var kind, ..] ? kind : name;

    private void Changed(DecoderBlock block, IReadOnlyDictionary<string, float[]> changed, Func<string, bool> which, float[] stream)
    {
        BlockMatrix[] matrices = [.. block.Matrices.Values.Where(matrix => which(matrix.Name) && changed.ContainsKey(matrix.Name))];
        float[][] dense = [.. matrices.Select(matrix => (float[])matrix.Values.Clone())];
        foreach (BlockMatrix matrix in matrices) changed[matrix.Name].CopyTo(matrix.Values.AsSpan());
        Forward(block, stream);
        for (int i = 0; i < matrices.Length; i++) dense[i].CopyTo(matrices[i].Values.AsSpan());
    }

    private void Forward(DecoderBlock block, float[] stream) => block.Forward(stream, _sequences, _length);
}
