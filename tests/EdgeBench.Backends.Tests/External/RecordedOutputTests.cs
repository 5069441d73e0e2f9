using System.Text.Json;
using EdgeBench.Backends.External;
using EdgeBench.Backends.External.Tools;
using EdgeBench.Core.Workloads;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.External;

/// <summary>Outputs that real programs wrote, read where they lie.</summary>
public class RecordedOutputTests
{
    [Theory]
    [InlineData("llama-bench.json", 5)]
    [InlineData("llama-bench.jsonl", 2)]
    [InlineData("llama-bench-pg.json", 3)]
    public void A_real_llama_bench_is_read_as_it_sums_itself_up(string file, int repetitions)
    {
        string text = File.ReadAllText(RepositoryFiles.Shared($"samples/llama.cpp-de3ff81/{file}"));
        string[] records = text.StartsWith('[') ? [.. JsonDocument.Parse(text).RootElement.EnumerateArray().Select(record => record.GetRawText().ReplaceLineEndings(" "))] : text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(records);
        LlamaBenchTool tool = new();
        foreach (string record in records)
        {
            JsonElement told = JsonDocument.Parse(record).RootElement;
            WorkloadShape shape = new(told.GetProperty("n_prompt").GetInt32(), told.GetProperty("n_gen").GetInt32(), told.GetProperty("n_depth").GetInt32());
            ToolCall call = ToolTexts.Call("/nowhere", shape, repetitions, told.GetProperty("n_threads").GetInt32());
            foreach (string form in new[] { record, $"[{record}]" })
            {
                ToolReport report = tool.Read(ToolTexts.Output(form), call);
                Assert.Equal(repetitions, report.Repetitions);
                Assert.Equal(told.GetProperty("avg_ts").GetDouble(), report.Figures.Single().Values.Average(), told.GetProperty("avg_ts").GetDouble() * 1e-5);
                Assert.Equal(told.GetProperty("avg_ns").GetInt64() * repetitions / 1e9, report.Seconds!.Value, 6);
                Assert.Equal("de3ff81", report.Facts["tool_build_commit"]);
            }
        }
        if (records.Length > 1)
            Assert.Contains($"{records.Length} tests", Assert.Throws<ToolOutputException>(() => tool.Read(ToolTexts.Output(text), ToolTexts.Call("/nowhere", new(1, 0, 0), 1))).Message, StringComparison.Ordinal);
    }
}
