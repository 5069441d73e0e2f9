using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Configuration;
using EdgeBench.Testing;
using static EdgeBench.Running.Tests.Configuration.FakeVocabulary;

namespace EdgeBench.Running.Tests.Configuration;

public class BenchFileTests
{
    private const string Full = """
        # yaml-language-server: $schema=suites/bench.schema.json
        $schema: suites/bench.schema.json
        x-types: &weights [q8_0, q4_0]
        name: full
        description: Everything once.
        models:
          ref: random:llama-15m
          own: { source: "random:", shape: { layers: 2, width: 64, heads: 4, kv_heads: 2, ffn: 128, vocabulary: 256 }, seed: 18446744073709551615 }
          hub: { source: hf:org/name@main, file: model.gguf, sha256: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa }
        recipes:
          fp16: []
          int: [ { ptq: { weights: *weights } } ]
          both:
            - prune: { sparsity: [0.5, 0.25], method: wanda }
            - ptq: { method: [rtn, gptq] }
          bare: [ptq]
        backends:
          managed:
          fast: { type: llamacpp, flash_attention: on, batch: [256, 512], patience: 1.5s, arena: 2GiB }
        devices: [local]
        workloads:
          chat: { scenario: single-stream, threads: [1, 2], prompt: 128 }
          sizes: { scenario: single-stream, tests: [pp512, "tg128 @ d4096"] }
          quality: { task: perplexity, data: a.txt }
        measure: { sessions: 2, min_samples: 10, min_duration: 500ms, max_duration: 2m, time_limit: 1h, memory_limit: 800MB, seed: 7 }
        exclude:
          - { recipe: both, backend: fast*, reason: too slow }
        """;

    [Fact]
    public void Every_section_is_read_in_the_order_written()
    {
        BenchConfiguration bench = Parse(Full);

        Assert.Equal(["ref", "own", "hub"], bench.Models.Select(model => model.Name));
        Assert.Equal("random:llama-15m", bench.Models[0].Source);
        Assert.Equal(ulong.MaxValue, bench.Models[1].Seed);
        Assert.Equal(2, bench.Models[1].Shape!.KvHeads);
        Assert.Equal("model.gguf", bench.Models[2].File);
        Assert.Equal(["local"], bench.Devices.Select(device => device.Name));
        Assert.Equal("too slow", Assert.Single(bench.Exclude).Reason);
    }

    [Fact]
    public void Measure_takes_times_and_sizes_with_units()
    {
        Assert.Equal(
            new MeasureSpec
            {
                Sessions = 2,
                MinSamples = 10,
                MinDuration = TimeSpan.FromMilliseconds(500),
                MaxDuration = TimeSpan.FromMinutes(2),
                TimeLimit = TimeSpan.FromHours(1),
                MemoryLimit = 800_000_000,
                Seed = 7,
            },
            Parse(Full).Measure);
    }

    [Fact]
    public void Lists_of_parameters_are_a_cross_product_named_by_what_varies()
    {
        BenchConfiguration bench = Parse(Full);

        Assert.Equal(
            [
                "fp16", "int[weights=q8_0]", "int[weights=q4_0]", "both[sparsity=0.5,method=rtn]", "both[sparsity=0.5,method=gptq]",
                "both[sparsity=0.25,method=rtn]", "both[sparsity=0.25,method=gptq]", "bare",
            ],
            bench.Recipes.Select(recipe => recipe.Name));
        Assert.Equal(["managed", "fast[batch=256]", "fast[batch=512]"], bench.Backends.Select(backend => backend.Name));
        Assert.Equal(
            ["chat[threads=1]", "chat[threads=2]", "sizes[pp512]", "sizes[tg128@d4096]", "quality"],
            bench.Workloads.Select(workload => workload.Name));
        Assert.Equal([1, 2, 1, 1, 1], bench.Workloads.Select(workload => workload.Threads));
        Assert.Equal("tg128 @ d4096", bench.Workloads[3].Test);
    }

    [Fact]
    public void A_key_that_two_passes_vary_is_told_apart_in_the_names()
    {
        string text = Minimal.Replace("[]", "[{ ptq: { group: [16, 32] } }, { ptq: { group: [64, 128] } }, { prune: { sparsity: 0, method: [a, b] } }]");
        Assert.Equal("fp16[ptq1.group=16,ptq2.group=64,method=a]", Parse(text).Recipes[0].Name);
        Assert.Equal(8, Parse(text).Recipes.Count);
    }

    [Fact]
    public void Parameters_are_complete_with_keys_sorted_whatever_was_written()
    {
        BenchConfiguration bench = Parse(Full);
        Assert.Equal("""{"group":32,"method":"rtn","weights":"q8_0"}""", bench.Recipes[^1].Passes[0].Parameters.GetRawText());
        Assert.Equal(
            """{"arena":2147483648,"batch":256,"flash_attention":"on","patience":"00:00:01.5000000"}""", bench.Backends[1].Options.GetRawText());
        Assert.Equal("""{"context":512,"data":"a.txt"}""", bench.Workloads[^1].Parameters.GetRawText());
        Assert.Equal("""{"generate":0,"prompt":0,"tests":["pp512"]}""", bench.Workloads[2].Parameters.GetRawText());
    }

    [Fact]
    public void The_order_of_keys_changes_nothing()
    {
        string one = Minimal.Replace("[]", "[{ ptq: { method: [rtn, gptq], group: [16, 32] } }]");
        string other = Minimal.Replace("[]", "[{ ptq: { group: [16, 32], method: [rtn, gptq] } }]");
        Assert.Equal(EdgeBenchJson.Serialize(Parse(one)), EdgeBenchJson.Serialize(Parse(other)));
        Assert.Equal("fp16[method=rtn,group=16]", Parse(one).Recipes[0].Name);
    }

    [Fact]
    public void Left_out_sections_take_their_defaults()
    {
        BenchConfiguration bench = Parse(Minimal);
        Assert.Equal(new MeasureSpec(), bench.Measure);
        Assert.Equal([new DeviceSpec("local")], bench.Devices);
    }

    [Fact]
    public void A_loaded_file_knows_its_folder_and_hashes_what_it_means()
    {
        using TemporaryFolder folder = new();
        string plain = folder.File("bench.yaml"), commented = folder.File("commented.yaml");
        File.WriteAllText(plain, Minimal);
        File.WriteAllText(commented, "\uFEFF# a comment\r\n" + Minimal.ReplaceLineEndings("\r\n"));

        LoadedBench one = BenchFile.Load(plain, [], Instance), other = BenchFile.Load(commented, [], Instance);
        Assert.Equal(folder.Path, one.BaseFolder);
        Assert.Equal(Minimal, one.Text);
        Assert.Equal(one.Hash, other.Hash);
        Assert.NotEqual(one.Hash, BenchFile.Load(plain, ["measure.sessions=1"], Instance).Hash);
    }

    [Theory]
    [InlineData("no such file", null)]
    [InlineData("byte 0 at position 3", new byte[] { 0x6E, 0x3A, 0x20, 0x00 })]
    [InlineData("invalid UTF-8 at byte 2", new byte[] { 0x6E, 0x3A, 0xC3, 0x28 })]
    [InlineData("UTF-16", new byte[] { 0xFF, 0xFE, 0x6E, 0x00 })]
    [InlineData("an empty document", new byte[0])]
    [InlineData("U+0001", new byte[] { 0x6E, 0x01 })]
    public void A_file_that_is_no_text_is_refused_by_what_it_is(string expected, byte[]? content)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("bench.yaml");
        if (content is not null) File.WriteAllBytes(path, content);
        EdgeBenchException refused = Assert.Throws<EdgeBenchException>(() => BenchFile.Load(path, [], Instance));
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains(expected, refused.Problems[0].Offender);
        Assert.Equal(path, refused.Problems[0].File);
    }

    [Fact]
    public void A_folder_and_an_endless_file_are_refused()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("a folder", Assert.Throws<EdgeBenchException>(() => BenchFile.Load(folder.Path, [], Instance)).Message);
        Assert.Contains("over 4 MiB", Assert.Throws<EdgeBenchException>(() => BenchFile.Load("/dev/zero", [], Instance)).Message);
    }
}
