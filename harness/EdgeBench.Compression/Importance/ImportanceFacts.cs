using System.Globalization;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Imatrix;

namespace EdgeBench.Compression.Importance;

/// <summary>What a reader must know of an importance matrix that was used.</summary>
internal static class ImportanceFacts
{
    public static IReadOnlyDictionary<string, string> Of(ImportanceMatrix matrix, ImportanceWeights weights, DataFile file)
    {
        Dictionary<string, string> facts = new()
        {
            ["importance_sha256"] = file.Sha256,
            ["importance_matrices"] = string.Create(CultureInfo.InvariantCulture, $"{weights.Covered} of {weights.Matrices}"),
        };
        if (matrix.Datasets.Count > 0) facts["importance_text"] = string.Join(", ", matrix.Datasets.Select(Path.GetFileName));
        if (matrix.ChunkCount > 0) facts["importance_sequences"] = matrix.ChunkCount.ToString(CultureInfo.InvariantCulture);
        if (matrix.ChunkSize > 0) facts["importance_tokens"] = (matrix.ChunkCount * matrix.ChunkSize).ToString(CultureInfo.InvariantCulture);
        return facts;
    }
}
