using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Imatrix;

/// <summary>What an entry must be, and complaints about a file.</summary>
internal static class ImportanceErrors
{
    /// <summary>Columns times experts of one entry; the largest published models have some 5 million.</summary>
    public const int MostValues = 1 << 26;

    public static EdgeBenchException At(string path, string found, string expected, string remedy = GgufErrors.Damaged) =>
        EdgeBenchException.BadInput(found, expected, remedy, path);

    public static ImportanceEntry Checked(string path, string name, float[] sums, float[] counts)
    {
        if (counts.Length == 0 || sums.Length == 0 || sums.Length % counts.Length != 0)
            throw At(path, $"{GgufErrors.Quoted(name)} has {sums.Length} sums and {counts.Length} counts", "as many sums for each count");
        foreach (float value in sums.Concat(counts))
        {
            if (!(value >= 0 && float.IsFinite(value)))
                throw At(path, $"{GgufErrors.Quoted(name)} holds {value}", "finite numbers from 0 up", "Compute the importance matrix again.");
        }
        return new ImportanceEntry(sums, counts);
    }
}
