using EdgeBench.Core.Artifacts;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>Compares the tensor types that a pass asked for with those of the file.</summary>
internal static class TypeReadback
{
    private const int MostReasons = 4;

    /// <summary>
    /// <see cref="Applied.Fully"/> only where every matrix of <paramref name="input"/> is in <paramref name="output"/>, with the asked type;
    /// <see cref="Applied.NotApplied"/> where no inner matrix has it.
    /// </summary>
    public static PassReadback Of(string pass, string asked, TypePlan plan, GgufFile input, GgufFile output)
    {
        (GgufTensor Before, GgufTensor? After, MatrixPart Part, GgmlType Asked)[] matrices =
        [
            .. input.Tensors.Where(t => MatrixTargets.PartOf(t) is not null)
                .Select(t => (t, output.Find(t.Name), MatrixTargets.PartOf(t)!.Value, plan.Asked(t.Name, t.Dimensions)!.Value)),
        ];
        if (matrices.Length == 0) return new PassReadback(pass, asked, "the model holds no weight matrix", Applied.NotApplied);

        List<string> found = [];
        bool oneType = plan.Inner == plan.Embedding;
        foreach (IGrouping<MatrixPart, (GgufTensor Before, GgufTensor? After, MatrixPart Part, GgmlType Asked)> group
            in matrices.GroupBy(m => oneType ? MatrixPart.Inner : m.Part).OrderBy(g => g.Key))
        {
            int right = group.Count(m => m.After?.Type == m.Asked);
            long rightBytes = group.Where(m => m.After?.Type == m.Asked).Sum(m => m.After!.Bytes);
            long bytes = group.Sum(m => m.After?.Bytes ?? 0);
            found.Add($"{Name(group.First().Asked)} in {right} of {group.Count()} {(group.Key == MatrixPart.Inner ? "matrices" : "embedding matrices")} ({Megabytes(rightBytes)} of {Megabytes(bytes)})");
        }
        found.AddRange(matrices.Where(m => m.After?.Type != m.Asked)
            .GroupBy(m => (Found: m.After?.Type, Reason: Reason(m.Before, m.Asked)))
            .OrderByDescending(g => g.Count()).Take(MostReasons)
            .Select(g => $"{(g.Key.Found is { } type ? Name(type) : "missing")} in {g.Count()}: {Names(g.Select(m => m.Before.Name))}{g.Key.Reason}"));

        bool everything = matrices.All(m => m.After?.Type == m.Asked);
        bool anyInner = matrices.Any(m => m.Part == MatrixPart.Inner && m.After?.Type == m.Asked);
        return new PassReadback(pass, asked, string.Join("; ", found), everything ? Applied.Fully : anyInner ? Applied.Partly : Applied.NotApplied);
    }

    public static string Name(GgmlType type) => type.Info().Name.ToLowerInvariant();

    private static string Reason(GgufTensor tensor, GgmlType asked)
    {
        int block = asked.Info().BlockSize;
        return tensor.RowLength % block == 0 ? "" : $" ({tensor.RowLength} columns do not divide by {block})";
    }

    private static string Names(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length <= 2 ? string.Join(", ", all) : $"{all[0]} … {all[^1]}";
    }

    private static string Megabytes(long bytes) => bytes < 100_000 ? $"{bytes / 1e3:0.0} kB" : $"{bytes / 1e6:0.0} MB";
}
