using System.Globalization;
using System.Text.Json;
using EdgeBench.Compression.Artifacts;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Training;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Engine.Training.Optimisers;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources;
using EdgeBench.Models.Sources.Synthetic;
using EdgeBench.Models.Tokenizers;
using EdgeBench.Testing;
using EdgeBench.Training.Data;
using EdgeBench.Training.Loop;
using EdgeBench.Training.Recipes;

namespace EdgeBench.Compression.Tests.FineTuning;

/// <summary>A small decoder of random weights, tuned by a pass on some robot instructions, and scored again from what the pass wrote.</summary>
internal sealed class TunedModel : IDisposable
{
    private const string Data = """[{"generate":"robot","limit":40,"validation_limit":12}]""";

    private readonly TemporaryFolder _folder = new();
    private readonly Checkpoint _checkpoint;

    public TunedModel(int ffn = 96)
    {
        Checkpoint = _folder.File("in.gguf");
        new RandomCheckpoint(new TransformerShape { Architecture = "llama", Layers = 2, Width = 64, Heads = 2, KvHeads = 1, Ffn = ffn, Vocabulary = 288, Context = 512 }, 1).Write(Checkpoint, 1);
        _checkpoint = TinyModel.Checkpoint(Checkpoint);
    }

    public string Checkpoint { get; }

    /// <summary>What the recipe of one pass builds.</summary>
    /// <param name="parameters">Those beside data, steps and rate.</param>
    public ArtifactDescription Build(string pass, string parameters, double rate = 0.01, string format = "gguf") => Build(format, (pass, Json(parameters, rate)));

    /// <summary>What round to nearest makes of the checkpoint.</summary>
    public ArtifactDescription Rounded(string weights) => Build("gguf", ("ptq", $$"""{"weights":"{{weights}}"}"""));

    private ArtifactDescription Build(string format, (string, string) pass) => new ArtifactStore(_folder.File("artifacts")).Build(
        new ArtifactRequest(_checkpoint, TinyModel.Recipe(pass)) { Format = format }, null, TestContext.Current.CancellationToken);

    public static string Json(string parameters, double rate = 0.01) => FormattableString.Invariant(
        $$"""{"data":{{Data}},"steps":12,"batch_tokens":512,"evaluate_every":4,"threads":1,"rate":{{rate}}{{(parameters.Length > 0 ? "," : "")}}{{parameters}}}""");

    /// <summary>Validation loss of a file as it stands, with parameters of a method that lie elsewhere.</summary>
    public static double Loss(string path, Func<string, float[]?>? added = null, TrainingOptions? options = null)
    {
        using GgufFile file = GgufFile.Open(path);
        FloatTensors tensors = new(file);
        using TrainableDecoder model = new(DecoderShape.Of(tensors.Architecture), name => added?.Invoke(name) ?? tensors.Read(name), options);
        using Trainer trainer = new(model, new Sgd(), WarmUpSchedule.Constant(1e-3), new());
        TrainingData data = new(JsonSerializer.Deserialize<DataRecipe[]>(Data, Core.IO.EdgeBenchJson.Options)!, written => written);
        ExampleSet validation = data.Encode(TokenizerFactory.FromGguf(file.Metadata, file.Path), 512, learnsPrompts: false).Validation;
        return new Evaluation(validation.Items, 1024, model.Shape.Vocabulary).Score(trainer) is var scores ? GroupScore.Total(scores).Loss : 0;
    }

    /// <summary>Losses before and after, as the pass tells them.</summary>
    public static (double Before, double After) Told(ArtifactDescription artifact)
    {
        string[] words = artifact.Readback[0].Facts["validation loss"].Split(' ');
        return (double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[2], CultureInfo.InvariantCulture));
    }

    public void Dispose() => _folder.Dispose();
}
