using EdgeBench.Compression.Calibration;
using EdgeBench.Compression.Passes;
using EdgeBench.Engine.Decoding;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.MixedPrecision;

/// <summary>What is known of a model's matrices before types are chosen.</summary>
/// <param name="Importance">Mean squares of the columns that each matrix reads, by its name.</param>
internal sealed record MixedMeasurement(
    IReadOnlyList<MatrixCandidates> Matrices, SensitivityTable Sensitivities, IReadOnlyDictionary<string, float[]> Importance, double[] Layers,
    IReadOnlyDictionary<string, double> Kinds, double Seconds)
{
    /// <summary>
    /// One walk through the layers on the dense stream: column statistics, output errors of every type from the Gram matrices, and the divergence of logits
    /// with the smallest type.
    /// </summary>
    public static MixedMeasurement Of(
        GgufFile input, IReadOnlyList<GgmlType> types, CalibrationTokens tokens, int probes, IProgress<string>? progress, CancellationToken cancellation)
    {
        int threads = Environment.ProcessorCount;
        GgufWeights weights = new(input);
        Decoder decoder = new(weights, threads, tokens.Length);
        VariantStreams streams = new(decoder, [.. tokens.Sequences.Take(probes)]);
        List<MatrixCandidates> matrices = [];
        Dictionary<string, float[]> importance = new(StringComparer.Ordinal);
        LayerWalk walk = new(weights, tokens, threads);
        walk.Run(Prefix.Dense, _ => true, (block, statistics) =>
        {
            Dictionary<string, float[]> probed = new(StringComparer.Ordinal);
            Dictionary<LinearSite, OutputError> errors = [];
            foreach (BlockMatrix matrix in block.Matrices.Values)
            {
                cancellation.ThrowIfCancellationRequested();
                SiteStatistics site = statistics[matrix.Site];
                if (!errors.TryGetValue(matrix.Site, out OutputError? error)) errors[matrix.Site] = error = new OutputError(site, threads);
                float[] columns = importance[matrix.Name] = site.MeanSquare;
                Candidate[] candidates = Candidates(matrix, types, columns, error, out float[] smallest);
                probed[matrix.Name] = smallest;
                matrices.Add(new MatrixCandidates(matrix.Name, block.Layer, VariantStreams.KindOf(matrix.Name), matrix.Values.Length, candidates));
            }
            streams.Pass(block, probed);
        }, progress, cancellation);
        progress?.Report("comparing logits");
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        (double[] layers, Dictionary<string, double> kinds) = streams.Divergences(cancellation);
        double seconds = walk.CalibrationSeconds + walk.SolveSeconds + System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
        SensitivityTable table = SensitivityTable.Fit([.. matrices.Select(matrix => (matrix.Layer, matrix.Kind, matrix.Candidates[0].OutputError))], layers, kinds);
        return new MixedMeasurement(matrices, table, importance, layers, kinds, seconds);
    }

    // Smallest first; of types that take the same bytes the one with the smaller error.
    private static Candidate[] Candidates(BlockMatrix matrix, IReadOnlyList<GgmlType> types, float[] importance, OutputError error, out float[] smallest)
    {
        float[] values = matrix.Values;
        double all = error.Of(values);
        List<(Candidate Candidate, float[] Rounded)> found = [];
        foreach (GgmlType type in types.Select(type => TypePlan.Fitting(type, matrix.Columns)).Distinct())
        {
            byte[] bytes = new byte[type.Bytes(values.Length)];
            float[] rounded = new float[values.Length], difference = new float[values.Length];
            TensorStream.EncodeRows(type, values, importance, bytes);
            TensorCodec.Decode(type, bytes, rounded);
            System.Numerics.Tensors.TensorPrimitives.Subtract(rounded, values, difference);
            found.Add((new Candidate(type, bytes.Length, all > 0 ? error.Of(difference) / all : 0), rounded));
            found = [.. found.OrderBy(one => one.Candidate.Bytes).ThenBy(one => one.Candidate.OutputError)];
            // Only the smallest is probed.
            for (int i = 1; i < found.Count; i++) found[i] = (found[i].Candidate, []);
        }
        smallest = found[0].Rounded;
        return [.. found.Select(one => one.Candidate)];
    }
}
