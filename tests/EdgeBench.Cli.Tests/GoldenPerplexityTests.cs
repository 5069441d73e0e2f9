using EdgeBench.Core.Runs;
using EdgeBench.Running.Journal;
using EdgeBench.Testing;

namespace EdgeBench.Cli.Tests;

/// <summary>
/// A whole run against llama.cpp's perplexity tool: SmolLM2-135M in F16 on the first 32 windows of 512 tokens of WikiText-2 validation. Takes minutes, so
/// it runs only where EDGEBENCH_SLOW is set.
/// </summary>
public class GoldenPerplexityTests
{
    // shared/golden/compression-valid.md, "llama.cpp on B", F16; B is the same function as the file used here.
    private const double Golden = 14.8553;

    [Fact]
    public async Task Perplexity_of_SmolLM2_in_F16_is_that_of_llama_cpps_own_tool()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("EDGEBENCH_SLOW") is null, "slow: set EDGEBENCH_SLOW=1");
        CommandLine.RequireLlamaCpp();
        string model = RepositoryFiles.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        string text = RepositoryFiles.Shared("data/wikitext2-valid.txt");
        using CommandLine line = new();
        line.Write("bench.yaml", $$"""
            name: golden
            models: { smollm2: "file:{{model}}" }
            recipes: { f16: [ { convert: { weights: f16 } } ] }
            backends: [llamacpp]
            workloads: { q: { task: perplexity, data: "{{text}}", context: 512, chunks: 32, threads: 2, reference: none } }
            """);
        CommandResult run = await line.RunAsync("run", "--no-report");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);

        StoredRun stored = RunJournal.ReadOnly(Path.Combine(line.Folder, "runs", "golden", RunJournal.FileName));
        double[] losses = stored.Cells.Single().Trials.Single().Outcome.Series.Single(series => series.Metric == "token_nll").Values;
        Assert.Equal(32 * 255, losses.Length);
        // Same tokens and weights: what is left is the order of additions in another build, far below the text's own ± 0.478.
        Assert.InRange(Math.Exp(losses.Average()) / Golden, 0.998, 1.002);
    }
}
