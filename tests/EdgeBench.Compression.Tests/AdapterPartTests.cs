using System.Text.Json;
using EdgeBench.Compression.Artifacts;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources;
using EdgeBench.Models.Sources.Synthetic;
using EdgeBench.Testing;

namespace EdgeBench.Compression.Tests;

/// <summary>Artifacts that carry an adapter apart, by a pass that only writes one.</summary>
public sealed class AdapterPartTests : IDisposable
{
    private const string Leave = """{"seed":1}""";

    private readonly TemporaryFolder _folder = new();
    private readonly Checkpoint _checkpoint;

    static AdapterPartTests() => PassRegistry.Hidden = [new LeavingPass()];

    public AdapterPartTests()
    {
        new RandomCheckpoint(new TransformerShape { Architecture = "llama", Layers = 2, Width = 64, Heads = 2, KvHeads = 1, Ffn = 96, Vocabulary = 288 }, 1).Write(_folder.File("in.gguf"), 1);
        _checkpoint = TinyModel.Checkpoint(_folder.File("in.gguf"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_artifact_has_its_adapter_beside_it_and_counts_it()
    {
        ArtifactDescription built = Build(("ptq", """{"weights":"q8_0"}"""), (LeavingPass.Own, Leave));
        string folder = Path.GetDirectoryName(built.Path)!, adapter = Path.Combine(folder, "adapter.gguf");
        ArtifactPart part = Assert.Single(built.Parts);
        Assert.Equal(("adapter.gguf", new FileInfo(adapter).Length, ContentHash.OfFile(adapter)), (part.Name, part.Bytes, part.Sha256));
        Assert.Equal(["adapter.gguf", "artifact.json", "model.gguf"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        using GgufFile model = GgufFile.Open(built.Path), beside = GgufFile.Open(adapter);
        Assert.Equal((model.WeightBytes + beside.WeightBytes, model.Parameters + beside.Parameters), (built.WeightBytes, built.Parameters));
        Assert.Equal(built.WeightBytes, built.Types.Sum(type => type.Bytes));
        PassReadback readback = built.Readback[1];
        Assert.Equal((Applied.Fully, $"lora with {beside.Parameters:N0} parameters in 12 tensors, sha256 {part.Sha256}"), (readback.Applied, readback.Found));
        Assert.Equal(EdgeBenchJson.Serialize(built), EdgeBenchJson.Serialize(Build(("ptq", """{"weights":"q8_0"}"""), (LeavingPass.Own, Leave))));
        Assert.NotEqual(built.Id, Build(("ptq", """{"weights":"q8_0"}"""), (LeavingPass.Own, """{"seed":2}""")).Id);
        Assert.Empty(Build(("ptq", """{"weights":"q8_0"}""")).Parts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_lost_or_changed_adapter_is_built_again(bool isLost)
    {
        ArtifactDescription built = Build((LeavingPass.Own, Leave));
        string adapter = AdapterPart.PathBeside(built.Path);
        if (isLost) File.Delete(adapter);
        else File.WriteAllBytes(adapter, [.. File.ReadAllBytes(adapter)[..^1], 7]);
        ArtifactDescription again = Build((LeavingPass.Own, Leave));
        Assert.Equal(built.Parts, again.Parts);
        Assert.Equal(built.Parts[0].Sha256, ContentHash.OfFile(adapter));
    }

    [Fact]
    public void What_would_part_an_adapter_from_its_weights_is_refused()
    {
        Assert.Contains("pass 'ptq' after one that leaves an adapter apart", Refused((LeavingPass.Own, Leave), ("ptq", """{"weights":"q8_0"}""")));
        Assert.Contains("pass 'leave_adapter' after one", Refused((LeavingPass.Own, Leave), (LeavingPass.Own, Leave)));
        Assert.Single(Build((LeavingPass.Own, Leave), ("kv_cache", "{}")).Parts);
        ArtifactRequest onnx = new(_checkpoint, TinyModel.Recipe((LeavingPass.Own, Leave))) { Format = "onnx" };
        Assert.Contains("onnx has no place for one", Assert.Throws<EdgeBenchException>(() => new ArtifactStore(_folder.File("artifacts")).Build(onnx, null, TestContext.Current.CancellationToken)).Message);
    }

    private string Refused(params (string, string)[] passes)
    {
        string message = Assert.Throws<EdgeBenchException>(() => Build(passes)).Message;
        Assert.Empty(Directory.GetDirectories(_folder.File("artifacts/.partial")));
        return message;
    }

    private ArtifactDescription Build(params (string, string)[] passes) =>
        new ArtifactStore(_folder.File("artifacts")).Build(new(_checkpoint, TinyModel.Recipe(passes)), null, TestContext.Current.CancellationToken);

    /// <summary>Copies the model and leaves a LoRA adapter of random values.</summary>
    private sealed class LeavingPass : IPass
    {
        public const string Own = "leave_adapter";

        public string Name => Own;

        public int Version => 1;

        public Type ParametersType => typeof(LeavingParameters);

        public string Asked(JsonElement parameters) => "an adapter apart";

        public long EstimateBytes(TransformerShape shape, JsonElement parameters) => 0;

        public PassReport Apply(GgufFile input, string outputPath, JsonElement parameters, PassContext context)
        {
            AdapterBase model = AdapterBase.Of(input);
            GgufWriter.Write(outputPath, input.Metadata, [.. input.Tensors.Select(tensor => new GgufTensorSource(tensor.Name, tensor.Type, tensor.Dimensions, stream => stream.Write(input.Data(tensor))))]);
            context.WriteAdapter(SampleAdapters.Of(AdapterKind.Lora, model, PassParameters.Read<LeavingParameters>(Name, parameters).Seed), model);
            return PassReport.Empty;
        }

        public PassReadback ReadBack(GgufFile input, GgufFile output, JsonElement parameters) =>
            AdapterPart.ReadBack(output) is { } found ? new(Name, Asked(parameters), found, Applied.Fully) : new(Name, Asked(parameters), "none", Applied.NotApplied);
    }

    private sealed record LeavingParameters
    {
        public int Seed { get; init; } = 1;
    }
}
