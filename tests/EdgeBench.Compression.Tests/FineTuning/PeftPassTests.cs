using EdgeBench.Compression.Artifacts;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Tests.FineTuning;

public class PeftPassTests
{
    // 2 layers of width 64: trained parameters of each method.
    [Theory]
    [InlineData("lora", ""","rank":4""", 2 * ((4 * (64 + 64)) + (4 * (64 + 32))))]
    [InlineData("lora", ""","rank":2,"targets":["down_proj"]""", 2 * 2 * (96 + 64))]
    [InlineData("bitfit", "", 2 * (64 + 32 + 32 + 64 + 96 + 96 + 64))]
    [InlineData("full", "", null)]
    public void A_plain_model_scores_as_training_did(string method, string more, int? trained)
    {
        using TunedModel model = new();
        ArtifactDescription built = model.Build("peft", $"\"method\":\"{method}\"{more}");
        (double before, double after) = TunedModel.Told(built);
        Assert.True(after < before, $"{after} after {before}");
        // Matrices are float16.
        Assert.Equal(after, TunedModel.Loss(built.Path), 2);
        Assert.Equal(Applied.Fully, built.Readback[0].Applied);
        Assert.Empty(built.Parts);
        if (trained is { } count) Assert.Equal($"{count}", built.Readback[0].Facts["trainable parameters"]);
        else Assert.Equal(built.Readback[0].Facts["parameters"], built.Readback[0].Facts["trainable parameters"]);
    }

    [Theory]
    [InlineData("lora", ""","merge":false""", AdapterKind.Lora)]
    [InlineData("adapters", ""","rank":4""", AdapterKind.Bottleneck)]
    [InlineData("prompt", ""","tokens":5""", AdapterKind.Prompt)]
    [InlineData("prompt", ""","tokens":5,"start":"walk to the door" """, AdapterKind.Prompt)]
    [InlineData("prefix", ""","tokens":4""", AdapterKind.Prefix)]
    public void What_lies_apart_scores_as_training_did_with_the_model_as_it_was(string method, string more, AdapterKind kind)
    {
        using TunedModel model = new();
        ArtifactDescription built = model.Build("peft", $"\"method\":\"{method}\"{more}", rate: 0.03);
        (double before, double after) = TunedModel.Told(built);
        Assert.True(after < before, $"{after} after {before}");
        Assert.Equal(Applied.Fully, built.Readback[0].Applied);
        using GgufFile input = GgufFile.Open(model.Checkpoint), output = GgufFile.Open(built.Path);
        Assert.All(input.Tensors, tensor => Assert.True(input.Data(tensor).SequenceEqual(output.Data(output.Find(tensor.Name)!)), tensor.Name));
        Adapter adapter = GgufAdapter.Read(AdapterPart.PathBeside(built.Path), AdapterBase.Of(output));
        Assert.Equal(kind, adapter.Kind);
        TrainingOptions options = kind switch
        {
            AdapterKind.Lora => new() { Lora = new(8, 16, ["q_proj", "v_proj"]) },
            AdapterKind.Bottleneck => new() { Adapters = new(4) },
            AdapterKind.Prompt => new() { Prompt = new(5) },
            _ => new() { Prefix = new(4) },
        };
        Assert.Equal(after, TunedModel.Loss(built.Path, name => adapter.Find(name)?.Values, options), 3);
        Assert.Equal(built.Readback[0].Facts["trainable parameters"], $"{adapter.Parameters}");
    }

    [Fact]
    public void A_quantised_model_stays_so_beside_its_adapter()
    {
        using TunedModel model = new();
        string quantised = model.Rounded("q4_0").Path;
        using GgufFile input = GgufFile.Open(quantised);
        string output = Path.Combine(Path.GetDirectoryName(quantised)!, "tuned.gguf");
        PassRegistry.Find("peft").Apply(input, output, TinyModel.Json(TunedModel.Json("\"targets\":[\"v_proj\"]")), new());
        using GgufFile tuned = GgufFile.Open(output);
        Assert.Equal(GgmlType.F16, tuned.Find("blk.0.attn_v.weight")!.Type);
        Assert.True(tuned.Data(tuned.Find("blk.0.attn_q.weight")!).SequenceEqual(input.Data(input.Find("blk.0.attn_q.weight")!)));
    }

    [Theory]
    [InlineData(""" "targets":["q_prj"] """, "Did you mean 'q_proj'?")]
    [InlineData(""" "method":"full","targets":["q_proj"] """, "targets with method full")]
    [InlineData(""" "method":"prompt","merge":false """, "merge with method prompt")]
    [InlineData(""" "method":"bitfit","dropout":0.1 """, "dropout with method bitfit")]
    [InlineData(""" "start":"text" """, "start with method lora")]
    [InlineData(""" "sequence_length":1024 """, "at most 512")]
    public void What_cannot_be_is_refused(string parameters, string expected)
    {
        using TunedModel model = new();
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => model.Build("peft", parameters));
        Assert.Contains(expected, string.Join(' ', error.Problems.Select(problem => $"{problem.Offender} {problem.Expected} {problem.Remedy}")));
    }

    [Fact]
    public void A_model_with_scaled_positions_is_refused()
    {
        using TunedModel model = new();
        using GgufFile plain = GgufFile.Open(model.Checkpoint);
        string path = model.Checkpoint + ".scaled", output = path + ".tuned";
        GgufWriter.Write(path, plain.Metadata, [.. plain.Tensors.Select(tensor => new GgufTensorSource(tensor.Name, tensor.Type, tensor.Dimensions, stream => stream.Write(plain.Data(tensor)))),
            new GgufTensorSource("rope_freqs.weight", GgmlType.F32, [16], stream => stream.Write(new byte[64]))]);
        using GgufFile scaled = GgufFile.Open(path);
        Assert.Contains("rope_freqs.weight", Assert.Throws<EdgeBenchException>(() => PassRegistry.Find("peft").Apply(scaled, output, TinyModel.Json(TunedModel.Json("")), new())).Message);
        Assert.False(File.Exists(output));
    }

    [Fact]
    public void An_adapter_apart_is_no_onnx_file()
    {
        using TunedModel model = new();
        Assert.Contains("GGUF file only", Assert.Throws<EdgeBenchException>(() => model.Build("peft", "\"method\":\"prefix\"", format: "onnx")).Message);
    }
}
