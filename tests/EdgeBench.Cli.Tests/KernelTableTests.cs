using System.Text.Json;
using EdgeBench.Cli.Output;
using EdgeBench.Reports.Model;
using EdgeBench.Testing;

namespace EdgeBench.Cli.Tests;

public class KernelTableTests
{
    private static readonly ReportModel s_model = ReportModel.From(KernelRuns.Sample());

    [Fact]
    public void Kernels_stand_in_lines_with_what_bounds_them()
    {
        using StringWriter writer = new() { NewLine = "\n" };
        KernelTable.Write(s_model, writer);
        Assert.Equal("""
            model         operation  shape            format  kernel       threads       µs  GOP/s   GB/s  of roof  bound by          validity
            smollm2-135m  product    576x192 n1       q8_0    avx512-vnni        1     4.71   46.9  25.57     80 %  memory            valid
            smollm2-135m  product    576x192 n4       q8_0    avx512-vnni        1     5.08  174.0  25.47     80 %  memory            valid
            """, string.Join('\n', writer.ToString().Split('\n')[..3]));
        string[] lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + s_model.Cells.Count, lines.Length);
        Assert.EndsWith("67 %  int8 avx512-vnni  valid", lines[3], StringComparison.Ordinal);
        Assert.EndsWith("12.60                             valid", lines[^3], StringComparison.Ordinal);
        Assert.EndsWith("invalid", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_as_JSON_has_stable_keys_and_nulls_for_what_is_not_known()
    {
        JsonElement[] kernels = [.. JsonDocument.Parse(KernelTable.Json(s_model)).RootElement.GetProperty("kernels").EnumerateArray()];
        Assert.Equal(["id", "model", "operation", "shape", "format", "kernel", "threads", "microseconds", "gop_s", "gb_s", "of_roof", "bound", "validity", "reasons"],
            kernels[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(0.799, kernels[0].GetProperty("of_roof").GetDouble(), 1e-9);
        Assert.All(kernels[^1].EnumerateObject().Where(property => property.Name is "gop_s" or "of_roof"), property => Assert.Equal(JsonValueKind.Null, property.Value.ValueKind));
    }
}
