using EdgeBench.Compression.Passes;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Imatrix;

namespace EdgeBench.Compression.Importance;

/// <summary>The columns' weights for a model's matrices, from an importance matrix.</summary>
public sealed class ImportanceWeights
{
    private readonly Dictionary<string, float[]> _byName;

    private ImportanceWeights(Dictionary<string, float[]> byName, int matrices) => (_byName, Matrices) = (byName, matrices);

    /// <summary>Attention and feed-forward matrices of the model.</summary>
    public int Matrices { get; }

    /// <summary>How many of them have weights.</summary>
    public int Covered => _byName.Count;

    /// <summary>
    /// Matches entries with matrices by name. Throws <see cref="EdgeBenchException"/> (bad input) where an entry has another number of columns, or none
    /// matches: the file is of another model.
    /// </summary>
    /// <param name="path">The importance matrix's file, for messages.</param>
    public static ImportanceWeights Of(GgufFile model, ImportanceMatrix matrix, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(matrix);
        GgufTensor[] matrices = [.. model.Tensors.Where(tensor => MatrixTargets.PartOf(tensor) is not null)];
        Dictionary<string, float[]> byName = new(StringComparer.Ordinal);
        foreach (GgufTensor tensor in matrices)
        {
            if (!matrix.Entries.TryGetValue(tensor.Name, out ImportanceEntry? entry)) continue;
            long experts = tensor.Dimensions.Count > 2 ? tensor.Elements / (tensor.RowLength * tensor.Dimensions[1]) : 1;
            if (entry.Columns != tensor.RowLength || (entry.Counts.Length != 1 && entry.Counts.Length != experts))
            {
                throw EdgeBenchException.BadInput(
                    $"the importance of {tensor.Name} is for {entry.Counts.Length} x {entry.Columns} columns", $"{experts} x {tensor.RowLength}",
                    "Give an importance matrix of this model: edgebench models imatrix.", path);
            }
            byName[tensor.Name] = entry.MeanSquares();
        }
        if (byName.Count == 0)
        {
            throw EdgeBenchException.BadInput("none of the importance matrix's names is a matrix of the model",
                $"names such as {matrices.FirstOrDefault()?.Name}", "Give an importance matrix of this model: edgebench models imatrix.", path);
        }
        return new ImportanceWeights(byName, matrices.Count(tensor => MatrixTargets.PartOf(tensor) == MatrixPart.Inner));
    }

    /// <summary>Mean squares of the tensor's columns, for each of its matrices; empty where there are none.</summary>
    public float[] For(GgufTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return _byName.GetValueOrDefault(tensor.Name, []);
    }
}
