using EdgeBench.Compression.Grids;
using EdgeBench.Engine.Decoding;

namespace EdgeBench.Compression.Quantising;

/// <summary>A quantised matrix of a block.</summary>
/// <param name="Quantised">Levels of the folded weights, as they are stored.</param>
/// <param name="WeightError">‖Ŵ - W‖ / ‖W‖ with all folds undone.</param>
/// <param name="OutputError">The same of the outputs on the calibration text, or null where no Gram matrix was gathered.</param>
public sealed record MatrixResult(string Name, LinearSite Site, IQuantisedMatrix Quantised, double WeightError, double? OutputError);

/// <summary>What became of a block.</summary>
/// <param name="Vectors">Norm gains and biases that took up scales, by name.</param>
/// <param name="Powers">Power of the mean magnitude that each folded site got.</param>
/// <param name="LargestInputs">Largest magnitude that each site read on the calibration text, its columns divided by their scales.</param>
public sealed record BlockResult(
    int Layer, IReadOnlyList<MatrixResult> Matrices, IReadOnlyDictionary<string, float[]> Vectors, IReadOnlyDictionary<LinearSite, double> Powers,
    IReadOnlyDictionary<LinearSite, float> LargestInputs);
