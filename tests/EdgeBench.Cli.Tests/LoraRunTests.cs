using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Sources.Synthetic;
using EdgeBench.Running.Journal;
using EdgeBench.Testing;

namespace EdgeBench.Cli.Tests;

/// <summary>Whole runs with adapters: on this machine and on a device that has to be sent them.</summary>
public sealed class LoraRunTests : IDisposable
{
    private const string Bench = """
        name: adapted
        models: { m: file:model.gguf }
        recipes: { fp16: [] }
        backends:
          plain: { type: managed }
          adapted: { type: managed, lora: [ { path: style.gguf, scale: 0.5 } ] }
        devices: { local: , far: { launcher: { command: { folder: far } } } }
        workloads: { w: { scenario: single-stream, prompt: 8, generate: 4 } }
        measure: { sessions: 1, min_samples: 3, min_duration: 10ms, seed: 1 }
        """;

    private readonly CommandLine _line = new();

    public LoraRunTests()
    {
        new RandomCheckpoint(new TransformerShape { Architecture = "llama", Layers = 2, Width = 64, Heads = 2, KvHeads = 1, Ffn = 96, Vocabulary = 288 }, 1).Write(_line["model.gguf"], 1);
        Adapt(seed: 1);
        _line.Write("bench.yaml", Bench);
    }

    public void Dispose() => _line.Dispose();

    [Fact]
    public async Task An_adapter_reaches_every_device_and_its_content_belongs_to_the_cell()
    {
        CommandResult run = await _line.RunAsync("run", "--no-report");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Equal(4, Stored.Cells.Count);
        foreach (StoredCell cell in Stored.Cells)
        {
            IReadOnlyDictionary<string, string> facts = cell.Trials.Single().Outcome.Facts;
            if (cell.Backend == "plain") Assert.DoesNotContain("lora", facts.Keys);
            else Assert.Equal(("style.gguf", "0.5", ContentHash.OfFile(_line["style.gguf"])), (facts["lora"], facts["lora_scale"], facts["lora_sha256"]));
        }

        // The same name with another content: only what used it is measured again.
        Adapt(seed: 2);
        CommandResult again = await _line.RunAsync("run", "--no-report");
        Assert.Contains("4 trials, 2 already measured", again.Error);
        Assert.All(Stored.Cells.Where(cell => cell.Backend == "adapted"), cell => Assert.Equal(ContentHash.OfFile(_line["style.gguf"]), cell.Trials.Single().Outcome.Facts["lora_sha256"]));
    }

    [Fact]
    public async Task An_adapter_of_another_model_costs_its_own_cells()
    {
        new RandomAdapter(1) { Architecture = "gemma" }.Write(_line["style.gguf"], _line["model.gguf"]);
        CommandResult run = await _line.RunAsync("run", "--no-report", "--filter", "device=local");
        Assert.Equal(4, run.ExitCode);
        Assert.Null(Stored.Cells.Single(cell => cell.Backend == "plain").Trials.Single().Outcome.Failure);
        TrialFailure failure = Stored.Cells.Single(cell => cell.Backend == "adapted").Trials.Single().Outcome.Failure!;
        Assert.Equal(FailureKind.Unsupported, failure.Kind);
        Assert.Contains("an adapter of 'gemma'; expected one of 'llama'", failure.Message);
    }

    [Fact]
    public async Task A_cell_is_compared_with_a_reference_that_has_the_same_adapters()
    {
        CommandLine.RequireLlamaCpp();
        string model = RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf"), text = RepositoryFiles.Shared("data/tinystories-a.txt");
        new RandomAdapter(1).Write(_line["style.gguf"], model);
        _line.Write("bench.yaml", $$"""
            name: adapted
            models: { m: "file:{{model}}" }
            recipes: { int8: [ { ptq: { weights: q8_0 } } ] }
            backends:
              plain: { type: managed }
              adapted: { type: managed, lora: [ { path: style.gguf } ] }
              plain-there: { type: llamacpp }
              adapted-there: { type: llamacpp, lora: [ { path: style.gguf } ] }
            workloads: { q: { task: perplexity, data: "{{text}}", context: 128, chunks: 4 } }
            """);
        CommandResult run = await _line.RunAsync("run", "--no-report");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        double Mean(string backend, string metric) => Stored.Cells.Single(cell => cell.Backend == backend).Trials.Single().Outcome.Series.Single(series => series.Metric == metric).Values.Average();
        string? Reference(string backend) => Stored.Cells.Single(cell => cell.Backend == backend).ReferenceBackend;
        Assert.Equal((null, null, "plain", "adapted"), (Reference("plain"), Reference("adapted"), Reference("plain-there"), Reference("adapted-there")));
        // Of 8 bits: far less than the adapter changes.
        Assert.All(Stored.Cells, cell => Assert.InRange(Mean(cell.Backend, "token_kl"), 1e-6, 1e-2));
        Assert.NotEqual(Mean("plain", "token_nll"), Mean("adapted", "token_nll"), 0.01);
        Assert.Equal(1, Mean("adapted", "token_nll") / Mean("adapted-there", "token_nll"), 0.005);
    }

    private StoredRun Stored => RunJournal.ReadOnly(Path.Combine(_line.Folder, "runs", "adapted", RunJournal.FileName));

    private void Adapt(int seed) => new RandomAdapter(seed).Write(_line["style.gguf"], _line["model.gguf"]);
}
