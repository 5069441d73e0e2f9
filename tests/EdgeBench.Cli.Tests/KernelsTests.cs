using System.Text.Json;

namespace EdgeBench.Cli.Tests;

public sealed class KernelsTests : IDisposable
{
    private const string Tiny = "operation=product and format=q4_0 and shape=576x192 and count=1 and kernel!=scalar";

    private readonly CommandLine _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task A_filtered_run_measures_reports_and_is_kept()
    {
        CommandResult first = await _shell.RunAsync("kernels", "--filter", Tiny, "--format", "json");
        Assert.True(first.ExitCode == 0, first.Error);
        JsonElement[] kernels = [.. JsonDocument.Parse(first.Output).RootElement.GetProperty("kernels").EnumerateArray()];
        Assert.NotEmpty(kernels);
        Assert.All(kernels, kernel =>
        {
            Assert.Equal(("product", "576x192 n1", "q4_0"), (kernel.GetProperty("operation").GetString(), kernel.GetProperty("shape").GetString(), kernel.GetProperty("format").GetString()));
            Assert.InRange(kernel.GetProperty("gop_s").GetDouble(), 1e-3, 1e6);
            // Peaks of a busy moment lift it above 1, and then it says so.
            double share = kernel.GetProperty("of_roof").GetDouble();
            Assert.True(share > 0 && (share <= 1.1 || kernel.GetProperty("validity").GetString() != "valid"), $"{share} of the roof, {kernel.GetProperty("validity")}");
        });
        foreach (string file in (string[])["run.db", "report.html", "report.md", "cells.csv", "plots/roofline-1.png", "plots/roofline-1.svg"])
            Assert.True(File.Exists(Path.Combine(_shell["runs"], "kernels", file)), file);
        Assert.Contains(",kernel_gop_s,", File.ReadAllText(Path.Combine(_shell["runs"], "kernels", "cells.csv")), StringComparison.Ordinal);

        CommandResult again = await _shell.RunAsync("kernels", "--filter", Tiny);
        Assert.Contains($"{kernels.Length} kernels, {kernels.Length} already measured", again.Error + again.Output, StringComparison.Ordinal);
        Assert.Contains("of roof", again.Output, StringComparison.Ordinal);

        CommandResult report = await _shell.RunAsync("report", "runs/kernels", "--format", "md", "--out", "elsewhere");
        Assert.Equal(0, report.ExitCode);
        Assert.Contains("### Kernels", File.ReadAllText(Path.Combine(_shell["elsewhere"], "report.md")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Did you mean 'format'?", "--filter", "fromat=q4_0")]
    [InlineData("Did you mean 'q4_0'?", "--filter", "format=q4_00")]
    [InlineData("expected 1 to", "--threads", "0")]
    [InlineData("expected 1 to", "--threads", "100000")]
    [InlineData("Cannot parse argument 'two'", "--threads", "two")]
    [InlineData("Cannot parse argument 'xml'", "--format", "xml")]
    public async Task What_is_asked_for_wrongly_is_told_and_nothing_is_written(string words, params string[] arguments)
    {
        CommandResult result = await _shell.RunAsync(["kernels", .. arguments]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_shell["runs"]));
    }
}
