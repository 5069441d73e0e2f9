namespace EdgeBench.Compression.MixedPrecision;

/// <summary>
/// What an output error costs, of each matrix: divergences are measured for each layer quantised alone and for each kind of matrix quantised alone in
/// all layers; a matrix's share is layer's factor times kind's factor times its own output error, the factors such that both sums come out (iterative
/// proportional fitting; W. E. Deming, F. F. Stephan, 1940). Kinds are scaled to the layers' total first: alone the two need not add up to the same.
/// </summary>
internal sealed class SensitivityTable
{
    private const int Rounds = 50;

    private readonly double[] _layers;
    private readonly Dictionary<string, double> _kinds;

    private SensitivityTable(double[] layers, Dictionary<string, double> kinds) => (_layers, _kinds) = (layers, kinds);

    /// <param name="errors">Output error of each matrix in the type that was probed.</param>
    /// <param name="layers">Divergence of each layer alone, nats a token; none negative.</param>
    /// <param name="kinds">Divergence of each kind alone.</param>
    public static SensitivityTable Fit(IReadOnlyList<(int Layer, string Kind, double Error)> errors, IReadOnlyList<double> layers, IReadOnlyDictionary<string, double> kinds)
    {
        double[] layerFactors = [.. layers.Select(_ => 1.0)];
        Dictionary<string, double> kindFactors = kinds.ToDictionary(kind => kind.Key, _ => 1.0);
        double scale = kinds.Values.Sum() > 0 ? layers.Sum() / kinds.Values.Sum() : 0;
        for (int round = 0; round < Rounds; round++)
        {
            double[] layerSums = new double[layers.Count];
            foreach ((int layer, string kind, double error) in errors) layerSums[layer] += kindFactors[kind] * error;
            for (int layer = 0; layer < layerSums.Length; layer++) layerFactors[layer] = layerSums[layer] > 0 ? layers[layer] / layerSums[layer] : 0;
            Dictionary<string, double> kindSums = kinds.Keys.ToDictionary(kind => kind, _ => 0.0);
            foreach ((int layer, string kind, double error) in errors) kindSums[kind] += layerFactors[layer] * error;
            foreach (string kind in kinds.Keys) kindFactors[kind] = kindSums[kind] > 0 ? scale * kinds[kind] / kindSums[kind] : 0;
        }
        return new SensitivityTable(layerFactors, kindFactors);
    }

    /// <summary>Nats a token for an output error of 1.</summary>
    public double Of(int layer, string kind) => _layers[layer] * _kinds[kind];
}
