using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources;
using EdgeBench.Models.Tokenizers;
using EdgeBench.Models.Tokenizers.Training;
using EdgeBench.Training.Data;
using EdgeBench.Training.Loop;
using EdgeBench.Training.Models;

namespace EdgeBench.Training.Recipes;

/// <summary>A recipe from data to a GGUF file.</summary>
/// <param name="baseFolder">Folder that relative paths of the recipe start from.</param>
/// <param name="folder">Where checkpoints and the model go.</param>
public sealed class RecipeRun(TrainRecipe recipe, string baseFolder, string folder)
{
    // Changes where the same recipe gives other weights.
    private const int Version = 1;

    /// <summary>Where the model goes.</summary>
    public string ModelPath => Path.Combine(folder, $"{recipe.Name}.gguf");

    /// <summary>
    /// Trains, from the folder's checkpoint if there is one, and writes the model. Throws <see cref="EdgeBenchException"/>, and <see cref="OperationCanceledException"/> after the
    /// checkpoint of a cancelled training is written.
    /// </summary>
    /// <param name="cacheFolder">Root of EdgeBench's own cache, for checkpoints that are fetched.</param>
    public async Task<TrainedModel> RunAsync(string cacheFolder, ITrainingObserver? observer, CancellationToken cancellation)
    {
        recipe.Check();
        TrainingData data = new(recipe.Data, written => Path.GetFullPath(written, baseFolder));
        if (recipe.Source is { } source)
        {
            ModelSpec spec = new() { Name = recipe.Name, Source = source };
            Checkpoint checkpoint = await ModelSourceRegistry.For(spec).ResolveAsync(spec, new SourceContext(baseFolder, cacheFolder), cancellation);
            return await Task.Run(() => GoOn(checkpoint, data, observer, cancellation), cancellation);
        }
        return await Task.Run(() => Begin(data, observer, cancellation), cancellation);
    }

    /// <summary>Deletes checkpoints and model, so that the training starts over.</summary>
    public void Forget()
    {
        if (Directory.Exists(Checkpoints)) Directory.Delete(Checkpoints, recursive: true);
        File.Delete(ModelPath);
    }

    private string Checkpoints => Path.Combine(folder, "checkpoints");

    private TrainedModel Begin(TrainingData data, ITrainingObserver? observer, CancellationToken cancellation)
    {
        TrainedTokenizer tokenizer = BytePairTrainer.Train(data.Words, (recipe.Tokenizer ?? new()).Training);
        DecoderShape shape = recipe.Model!.Shape(tokenizer.Tokens.Count);
        using TrainableDecoder model = new(shape, new FreshWeights(shape, recipe.Training.Seed).Take);
        TrainedModel trained = Train(model, shape, tokenizer.Tokenizer, recipe.Model.Context, "", data, observer, cancellation);
        NewModel.Write(ModelPath, recipe, shape, tokenizer, model.Parameters);
        return trained;
    }

    private TrainedModel GoOn(Checkpoint checkpoint, TrainingData data, ITrainingObserver? observer, CancellationToken cancellation)
    {
        using GgufFile file = GgufFile.Open(checkpoint.Path);
        FloatTensors tensors = new(file);
        DecoderShape shape = TrainableShape.Of(tensors, file);
        using TrainableDecoder model = new(shape, tensors.Read);
        TrainedModel trained = Train(model, shape, TokenizerFactory.FromGguf(file.Metadata, file.Path), tensors.Architecture.Context, checkpoint.Sha256, data, observer, cancellation);
        GgufWriter.Write(ModelPath, tensors.MetadataFor(recipe.Name, recipe.Weights), [.. model.Parameters.Select(parameter => tensors.Source(parameter.Name, parameter.Shape, parameter.ToArray, recipe.Weights))]);
        return trained;
    }

    private TrainedModel Train(TrainableDecoder model, DecoderShape shape, ITokenizer tokenizer, int context, string checkpoint, TrainingData data, ITrainingObserver? observer, CancellationToken cancellation)
    {
        int length = recipe.SequenceLength == 0 ? context : recipe.SequenceLength;
        if (length > context) throw EdgeBenchException.BadInput($"'sequence_length: {length}'", $"at most {context}, what the model reads");
        (ExampleSet training, ExampleSet validation) = data.Encode(tokenizer, length, recipe.LearnPrompts);
        // The same weights come out with any number of threads.
        TrainRecipe decides = recipe with { Description = null, Training = recipe.Training with { Threads = 0 } };
        string identity = ContentHash.OfText(string.Join('\n', [$"training {Version}, generated texts {TrainingData.GeneratedVersion}", EdgeBenchJson.Serialize(decides), checkpoint,
            .. recipe.Data.SelectMany(TrainingData.Paths).Distinct().Select(path => ContentHash.OfFile(Path.GetFullPath(path, baseFolder)))]));
        using TrainingLoop loop = new(model, shape.Vocabulary, recipe.Training, training, validation, identity, Checkpoints);
        TrainingOutcome outcome = loop.Run(observer, cancellation);
        return new(ModelPath, identity, outcome, training.Items.Count, validation.Items.Count, training.Cut + validation.Cut);
    }
}
