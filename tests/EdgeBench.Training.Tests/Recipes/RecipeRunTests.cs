using EdgeBench.Core.Problems;
using EdgeBench.Core.Training;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Engine.Training.Optimisers;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Tokenizers;
using EdgeBench.Testing;
using EdgeBench.Training.Data;
using EdgeBench.Training.Loop;
using EdgeBench.Training.Recipes;

namespace EdgeBench.Training.Tests.Recipes;

public class RecipeRunTests
{
    private static readonly DataRecipe s_data = new() { Generate = "robot", Limit = 300, ValidationLimit = 40 };

    private static readonly TrainRecipe s_recipe = new()
    {
        Name = "tiny",
        Model = new() { Width = 32, Layers = 2, Heads = 4, KvHeads = 2, HeadDim = 8, Ffn = 64, Context = 128 },
        Tokenizer = new() { Vocabulary = 320 },
        Data = [s_data],
        Training = new() { Steps = 30, BatchTokens = 256, Rate = 0.01, EvaluateEvery = 10, Threads = 1 },
        Weights = WeightType.F32,
    };

    private static Task<TrainedModel> Run(TrainRecipe recipe, string folder) => new RecipeRun(recipe, folder, folder).RunAsync(folder, null, CancellationToken.None);

    // The file, read and scored again on the same validation data.
    private static GroupScore Score(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        FloatTensors tensors = new(file);
        using TrainableDecoder model = new(DecoderShape.Of(tensors.Architecture), tensors.Read);
        using Trainer trainer = new(model, new Sgd(), WarmUpSchedule.Constant(1e-3), new());
        ExampleSet validation = new TrainingData([s_data], path => path).Encode(TokenizerFactory.FromGguf(file.Metadata, file.Path), 128, learnsPrompts: false).Validation;
        return new Evaluation(validation.Items, 1024, model.Shape.Vocabulary).Score(trainer).Single();
    }

    [Fact]
    public async Task A_new_model_is_in_its_file_as_it_was_scored()
    {
        using TemporaryFolder folder = new();
        TrainedModel model = await Run(s_recipe, folder.Path);
        Assert.Equal(model.Outcome.Best.Single().Loss, Score(model.Path).Loss, 12);
        Assert.Equal(["checkpoints", "tiny.gguf"], Directory.EnumerateFileSystemEntries(folder.Path).Select(path => Path.GetFileName(path)).Order());
        using GgufFile file = GgufFile.Open(model.Path);
        Assert.Equal((32, 2, 4, 2, 128), (file.Shape!.Width, file.Shape.Layers, file.Shape.Heads, file.Shape.KvHeads, file.Shape.Context));
    }

    [Fact]
    public async Task Training_goes_on_from_a_file_and_writes_one()
    {
        using TemporaryFolder folder = new();
        TrainedModel first = await Run(s_recipe, folder.Path);
        TrainRecipe next = s_recipe with { Name = "next", Model = null, Tokenizer = null, Source = $"file:{first.Path}", Training = s_recipe.Training with { Rate = 0.003 } };
        using TemporaryFolder other = new();
        TrainedModel second = await Run(next, other.Path);
        Assert.Equal(first.Outcome.Best.Single().Loss, second.Outcome.Curve[0].Validation.Single().Loss, 12);
        Assert.True(second.Outcome.Best.Single().Loss < first.Outcome.Best.Single().Loss);
        Assert.Equal(second.Outcome.Best.Single().Loss, Score(second.Path).Loss, 12);
        Assert.NotEqual(first.Identity, second.Identity);
    }

    [Fact]
    public async Task The_same_recipe_gives_the_same_bytes()
    {
        using TemporaryFolder one = new(), two = new();
        TrainedModel left = await Run(s_recipe, one.Path), right = await Run(s_recipe with { Training = s_recipe.Training with { Threads = 2 } }, two.Path);
        Assert.Equal(File.ReadAllBytes(left.Path), File.ReadAllBytes(right.Path));
        Assert.Equal(left.Identity, right.Identity);
    }

    [Fact]
    public void Parts_that_contradict_each_other_are_refused()
    {
        Refused(s_recipe with { Model = null }, "neither 'source' nor 'model'");
        Refused(s_recipe with { Source = "file:a.gguf" }, "'source' and 'model'");
        Refused(s_recipe with { Model = null, Source = "file:a.gguf" }, "'tokenizer' with 'source'");
        Refused(s_recipe with { Data = [] }, "data");
        Refused(s_recipe with { Data = [s_data, s_data] }, "two sources of data named 'robot'");
        Assert.Contains("kv_heads", Assert.Throws<EdgeBenchException>(() => s_recipe.Model! with { KvHeads = 3 } is var model ? model.Shape(300) : null).Message);

        static void Refused(TrainRecipe recipe, string message) => Assert.Contains(message, Assert.Throws<EdgeBenchException>(recipe.Check).Message);
    }

    [Fact]
    public async Task A_longer_sequence_than_the_model_reads_is_refused()
    {
        using TemporaryFolder folder = new();
        EdgeBenchException error = await Assert.ThrowsAsync<EdgeBenchException>(() => Run(s_recipe with { SequenceLength = 500 }, folder.Path));
        Assert.Contains("at most 128", error.Message + error.Problems[0].Expected);
    }
}
