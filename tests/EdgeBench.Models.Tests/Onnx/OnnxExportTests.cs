using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx;
using EdgeBench.Models.Onnx.Export;
using EdgeBench.Models.Onnx.Reading;
using EdgeBench.Models.Sources.Synthetic;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Onnx;

public sealed class OnnxExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_export_is_a_whole_model_that_its_own_reader_accepts()
    {
        OnnxExportReport report = Export(Checkpoint());
        OnnxHeader header = OnnxHeader.Read(_folder.File("out/model.onnx"));
        Assert.Equal(["model.onnx", "tokenizer.gguf"], report.Files.Select(file => file.Name));
        Assert.Equal(report.WeightBytes, header.WeightBytes);
        Assert.Equal(2, header.Operators["GroupQueryAttention"]);
        Assert.Equal(["input_ids", "logit_rows", "seqlens_k", "total_sequence_length"], header.Inputs.Take(4).Select(input => input.Name));
        Assert.Equal(new OnnxValueInfo("past_key_values.1.value", OnnxDataType.Float, [1, 2, -1, 16]).ToString(), header.Input("past_key_values.1.value")!.ToString());
        Assert.Equal("llama", header.Metadata["edgebench.architecture"]);
        Assert.Equal("64", header.Metadata["edgebench.context"]);
        Assert.Equal("1", header.Metadata["edgebench.random.version"]);
        Assert.Equal(new OnnxTensorReport("token_embd.weight", "F16", "Gather, F16", 300 * 64 * 2, 0), report.Tensors[0]);
    }

    [Fact]
    public void The_tokenizers_file_has_all_metadata_and_no_weights()
    {
        string source = Checkpoint();
        Export(source);
        using GgufFile from = GgufFile.Open(source), to = GgufFile.Open(_folder.File("out/tokenizer.gguf"));
        Assert.Empty(to.Tensors);
        Assert.Equal(from.Metadata.Keys, to.Metadata.Keys);
    }

    [Fact]
    public void External_data_are_aligned_and_leave_only_small_tensors_inside()
    {
        OnnxExportReport report = Export(Checkpoint(), new() { ExternalData = ExternalData.Always });
        OnnxHeader header = OnnxHeader.Read(_folder.File("out/model.onnx"));
        Assert.Equal(["model.onnx", "model.onnx.data", "tokenizer.gguf"], report.Files.Select(file => file.Name));
        Assert.All(header.Tensors, tensor => Assert.Equal(tensor.Bytes >= 1024, tensor.External is not null));
        Assert.All(header.Tensors.Where(tensor => tensor.External is not null), tensor => Assert.Equal(0, tensor.External!.Offset % 4096));
        Assert.InRange(new FileInfo(_folder.File("out/model.onnx")).Length, 1, 50_000);
        // What is stored inside and outside is the same.
        Export(Checkpoint(), folder: "inside");
        Assert.Equal(header.WeightBytes, OnnxHeader.Read(_folder.File("inside/model.onnx")).WeightBytes);
    }

    [Theory]
    [InlineData("context 65", 65, 4)]
    [InlineData("context -1", -1, 4)]
    [InlineData("accuracy_level 5", 0, 5)]
    public void Options_out_of_range_are_refused_and_leave_nothing(string message, int context, int level)
    {
        EdgeBenchException exception = Assert.Throws<EdgeBenchException>(() => Export(Checkpoint(), new() { Context = context, AccuracyLevel = level }));
        Assert.Contains(message, exception.Message);
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Fact]
    public void A_folder_with_something_in_it_is_left_alone()
    {
        Directory.CreateDirectory(_folder.File("out"));
        File.WriteAllText(_folder.File("out/mine.txt"), "mine");
        Assert.Contains("is not empty", Assert.Throws<EdgeBenchException>(() => Export(Checkpoint())).Message);
        Assert.Equal(["mine.txt"], Directory.GetFiles(_folder.File("out")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_cancelled_export_leaves_nothing()
    {
        using GgufFile file = GgufFile.Open(Checkpoint());
        Assert.Throws<OperationCanceledException>(() => OnnxExporter.Export(file, _folder.File("out"), new(), null, new CancellationToken(canceled: true)));
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Theory]
    [InlineData("yarn", "rope.scaling.type 'yarn'")]
    [InlineData("I16", "tensor 'token_embd.weight' of type I16")]
    [InlineData("head", "heads of 12 elements")]
    [InlineData("absent", "no tensor 'output_norm.weight'")]
    [InlineData("mamba", "architecture 'mamba'")]
    public void What_ONNX_cannot_hold_is_refused_by_name(string change, string message)
    {
        string path = _folder.File("changed.gguf");
        using (GgufFile file = GgufFile.Open(Checkpoint(change == "head" ? 12 : 16)))
        {
            Dictionary<string, GgufValue> metadata = new(file.Metadata);
            if (change == "yarn") metadata["llama.rope.scaling.type"] = GgufValue.From("yarn");
            if (change == "mamba") metadata["general.architecture"] = GgufValue.From("mamba");
            GgufWriter.Write(path, metadata, [.. file.Tensors.Where(tensor => change != "absent" || tensor.Name != "output_norm.weight").Select(tensor => new GgufTensorSource(
                tensor.Name, change == "I16" && tensor.Name == "token_embd.weight" ? GgmlType.I16 : tensor.Type, tensor.Dimensions, stream => stream.Write(file.Data(tensor))))]);
        }
        Assert.Contains(message, Assert.Throws<EdgeBenchException>(() => Export(path)).Message);
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    private OnnxExportReport Export(string source, OnnxExportOptions? options = null, string folder = "out")
    {
        using GgufFile file = GgufFile.Open(source);
        return OnnxExporter.Export(file, _folder.File(folder), options ?? new());
    }

    private string Checkpoint(int head = 16)
    {
        TransformerShape shape = new() { Layers = 2, Width = 64, Heads = 4, KvHeads = 2, HeadDim = head, Ffn = 96, Vocabulary = 300, Context = 64, TiedEmbeddings = true };
        string path = _folder.File($"random-{head}.gguf");
        new RandomCheckpoint(shape, 1).Write(path, 1);
        return path;
    }
}
