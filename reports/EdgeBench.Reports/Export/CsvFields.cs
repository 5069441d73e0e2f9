using CsvHelper;

namespace EdgeBench.Reports.Export;

/// <summary>How the CSV files write texts and words.</summary>
internal static class CsvFields
{
    public static void Text(this CsvWriter csv, params ReadOnlySpan<string> fields)
    {
        foreach (string field in fields) csv.WriteField(field);
    }

    /// <summary>Several texts in one field.</summary>
    public static string Joined(IEnumerable<string> texts) => string.Join("; ", texts);

    public static string Word<T>(T value) where T : notnull => value.ToString()!.ToLowerInvariant();
}
