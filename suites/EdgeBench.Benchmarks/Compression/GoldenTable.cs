using System.Text.Json;

namespace EdgeBench.Benchmarks.Compression;

/// <summary>Our rows beside those of <c>compression-valid.json</c>.</summary>
internal static class GoldenTable
{
    // A difference between two methods is certain in the golden table where it exceeds this many of its standard errors.
    private const double Certain = 3;

    public const string Header = "| method | ppl all | golden | | ppl 2nd half | golden | | KL | golden | top-1 % | golden | s calib / solve | peak MB |";

    /// <summary>The row's numbers, or null where the table has no such row.</summary>
    public static JsonElement? Find(JsonDocument golden, string model, string row) =>
        golden.RootElement.GetProperty("torch").GetProperty(model).TryGetProperty(row, out JsonElement found) ? found.GetProperty("valid") : null;

    public static string Line(string name, SliceScore score, JsonElement? golden, double calibrating, double solving, long peak)
    {
        double? Of(string key) => golden?.GetProperty(key).GetDouble();
        string Beside(double ours, string key) => Of(key) is { } theirs ? $"{ours:0.0000} | {theirs:0.0000} | {(ours / theirs) - 1:+0.0%;-0.0%;0.0%}" : $"{ours:0.0000} | | ";
        string Two(double ours, string key, double factor, string format) => $"{(factor * ours).ToString(format)} | {(factor * Of(key))?.ToString(format)}";
        return $"| {name} | {Beside(score.PerplexityAll, "ppl_all")} | {Beside(score.PerplexityHalf, "ppl_half")} | {Two(score.Kl, "kl_all", 1, "0.00000")} | "
            + $"{Two(score.Top1, "top1_all", 100, "0.00")} | {calibrating:0.0} / {solving:0.0} | {peak / 1e6:0} |";
    }

    /// <summary>Each ordering of the table whose two rows were run: whether it is certain there, and whether it holds here.</summary>
    public static IEnumerable<string> Orderings(JsonDocument golden, string model, IReadOnlyDictionary<string, SliceScore> scores)
    {
        foreach (JsonElement ordering in golden.RootElement.GetProperty("orderings").GetProperty(model).EnumerateArray())
        {
            (string lower, string higher) = (ordering.GetProperty("better").GetString()!, ordering.GetProperty("worse").GetString()!);
            if (!scores.TryGetValue(lower, out SliceScore? one) || !scores.TryGetValue(higher, out SliceScore? other)) continue;
            (double theirs, double error) = (ordering.GetProperty("ln_ppl_difference").GetDouble(), ordering.GetProperty("se_over_chunks").GetDouble());
            (double ours, double ourError) = one.LowerThan(other);
            bool certain = Math.Abs(theirs) > Certain * error;
            string verdict = !certain ? "not certain in the table" : Math.Sign(ours) == Math.Sign(theirs) ? "HOLDS" : "DOES NOT HOLD";
            yield return $"{lower} < {higher}: table {theirs:+0.0000;-0.0000} ± {error:0.0000}, here {ours:+0.0000;-0.0000} ± {ourError:0.0000}: {verdict}";
        }
    }
}
