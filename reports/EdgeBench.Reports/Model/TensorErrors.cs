using EdgeBench.Core.Artifacts;

namespace EdgeBench.Reports.Model;

/// <summary>How far compressed tensors are from what they were: all of a pass, and summed up by kind of matrix.</summary>
internal static class TensorErrors
{
    /// <summary>Every tensor that a pass reports, once for each artifact.</summary>
    public static IEnumerable<(ReportCell Cell, PassReadback Pass, TensorError Tensor)> All(ReportModel model) =>
        from cell in Artifacts(model)
        from pass in cell.Stored.Artifact!.Readback
        from tensor in pass.Tensors
        select (cell, pass, tensor);

    /// <summary>A row for each kind of matrix of each pass: <c>blk.7.ffn_down.weight</c> is a <c>ffn_down</c>.</summary>
    public static IEnumerable<TensorErrorRow> ByKind(ReportModel model) =>
        from cell in Artifacts(model)
        from pass in cell.Stored.Artifact!.Readback
        from kind in pass.Tensors.GroupBy(tensor => Kind(tensor.Tensor))
        let worst = kind.MaxBy(tensor => tensor.OutputError ?? tensor.WeightError)!
        select new TensorErrorRow(
            $"{cell.Stored.Model} / {cell.Stored.Recipe}", pass.Pass, kind.Key, kind.Count(), string.Join(", ", kind.Select(tensor => tensor.Type).Distinct().Order(StringComparer.Ordinal)),
            Percent(kind.Average(tensor => tensor.WeightError)),
            kind.Any(tensor => tensor.OutputError is not null) ? Percent(kind.Where(tensor => tensor.OutputError is not null).Average(tensor => tensor.OutputError!.Value)) : "",
            $"{worst.Tensor} {Percent(worst.OutputError ?? worst.WeightError)}");

    // The export of an artifact to another format has the same tensors: the passes' errors are shown once.
    private static IEnumerable<ReportCell> Artifacts(ReportModel model) => model.Cells
        .Where(cell => cell.Stored.Artifact is not null)
        .GroupBy(cell => (cell.Stored.Model, cell.Stored.Recipe))
        .Select(same => same.MaxBy(cell => cell.Stored.Artifact!.Readback.Sum(pass => pass.Tensors.Count))!);

    private static string Kind(string tensor) =>
        string.Join('.', tensor.Split('.').Where((part, index) => !(part is "blk" or "weight") && !(index == 1 && part.All(char.IsAsciiDigit))));

    private static string Percent(double ratio) => FormattableString.Invariant($"{100 * ratio:0.00} %");
}

/// <summary>Errors of one kind of matrix under one pass; means over its tensors.</summary>
internal sealed record TensorErrorRow(string Artifact, string Pass, string Kind, int Tensors, string Types, string WeightError, string OutputError, string Worst)
{
    public static IReadOnlyList<string> Heads { get; } = ["model / recipe", "pass", "matrices", "count", "types", "weight error", "output error", "worst"];

    public string[] Fields => [Artifact, Pass, Kind, $"{Tensors}", Types, WeightError, OutputError, Worst];
}
