using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Workloads;
using EdgeBench.Running.Configuration;

namespace EdgeBench.Running.Tests.Configuration;

public enum FakeWeights { F16, Q8_0, Q4_0 }

public enum FakeSwitch { Auto, On, Off }

public sealed record FakePtq
{
    [Description("Type of the weights.")]
    public FakeWeights Weights { get; init; } = FakeWeights.Q8_0;

    [AllowedValues("rtn", "gptq")]
    public string Method { get; init; } = "rtn";

    [Range(1, 1024)]
    public int Group { get; init; } = 32;
}

public sealed record FakePrune
{
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public required double Sparsity { get; init; }

    public string Method { get; init; } = "magnitude";

    public IReadOnlyList<string> Layers { get; init; } = [];
}

public sealed record FakeManaged
{
    public bool Mmap { get; init; } = true;
}

public sealed record FakeLlama
{
    [Range(1, 65536)]
    public int Batch { get; init; } = 2048;

    public FakeSwitch FlashAttention { get; init; }

    public string? Path { get; init; }

    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    [ByteSize]
    public long Arena { get; init; }
}

public sealed record FakeStream
{
    [Range(0, 1 << 20)]
    public int Prompt { get; init; }

    [Range(0, 1 << 20)]
    public int Generate { get; init; }

    public IReadOnlyList<string> Tests { get; init; } = [];
}

/// <summary>A positional record, to see that both styles of record work.</summary>
public sealed record FakePerplexity(string Data, int Context = 512);

internal static class FakeVocabulary
{
    public static ConfigurationVocabulary Instance { get; } = new()
    {
        Passes = new Dictionary<string, Type> { ["ptq"] = typeof(FakePtq), ["prune"] = typeof(FakePrune) },
        Backends = new Dictionary<string, Type> { ["managed"] = typeof(FakeManaged), ["llamacpp"] = typeof(FakeLlama) },
        Workloads = new Dictionary<string, WorkloadVocabulary>
        {
            ["single-stream"] = new(typeof(FakeStream), Split),
            ["perplexity"] = new(typeof(FakePerplexity), parameters => [new WorkloadTest("perplexity", parameters)], IsTask: true),
        },
        ModelSchemes = ["file", "hf", "random", "bundled"],
        Devices = ["local"],
    };

    public const string Minimal = """
        name: first-look
        models: { ref: random:llama-15m }
        recipes: { fp16: [] }
        backends: [managed]
        workloads:
          chat: { scenario: single-stream, prompt: 128, generate: 64 }
        """;

    public static BenchConfiguration Parse(string text, params string[] overrides) => BenchFile.Parse(text, "bench.yaml", overrides, Instance);

    public static IReadOnlyList<Problem> ProblemsOf(string text, params string[] overrides)
    {
        EdgeBenchException refused = Assert.Throws<EdgeBenchException>(() => Parse(text, overrides));
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.NotEmpty(refused.Problems);
        return refused.Problems;
    }

    private static IReadOnlyList<WorkloadTest> Split(JsonElement parameters)
    {
        FakeStream stream = parameters.Deserialize<FakeStream>(EdgeBenchJson.Options)!;
        if (stream.Tests.Count == 0) return [new WorkloadTest($"pp{stream.Prompt}+tg{stream.Generate}", parameters)];
        return [.. stream.Tests.Select(test => new WorkloadTest(Checked(test), JsonSerializer.SerializeToElement(stream with { Tests = [test] }, EdgeBenchJson.Options)))];
    }

    private static string Checked(string test) =>
        test.StartsWith("pp", StringComparison.Ordinal) || test.StartsWith("tg", StringComparison.Ordinal) ? test
        : throw EdgeBenchException.BadInput($"test '{test}'", "ppN or tgN");
}
