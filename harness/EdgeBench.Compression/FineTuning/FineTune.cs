using System.Globalization;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Training;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Tokenizers;
using EdgeBench.Training.Data;
using EdgeBench.Training.Loop;
using EdgeBench.Training.Models;
using EdgeBench.Training.Recipes;

namespace EdgeBench.Compression.FineTuning;

/// <summary>A model file in training: its weights by Hugging Face's names, its data, and what came of it.</summary>
internal sealed class FineTune
{
    // Attention's memory grows with the square of it, and few answers need more.
    private const int UsualLength = 512;

    // Room for a pass's own version beside that of generated texts.
    private const int Versions = 1000;

    private readonly GgufFile _input;
    private readonly FineTuneParameters _parameters;
    private readonly PassContext _context;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for a model that cannot be trained.</summary>
    public FineTune(GgufFile input, FineTuneParameters parameters, PassContext context)
    {
        (_input, _parameters, _context) = (input, parameters, context);
        Tensors = new(input);
        Shape = TrainableShape.Of(Tensors, input);
    }

    /// <summary>Version of a pass that trains: other generated texts give other bytes too.</summary>
    public static int PassVersion(int own) => (Versions * TrainingData.GeneratedVersion) + own;

    public FloatTensors Tensors { get; }

    public DecoderShape Shape { get; }

    /// <summary>The model with what is trained of it. Throws <see cref="EdgeBenchException"/> (bad input) where targets name nothing.</summary>
    public TrainableDecoder Model(TrainingOptions options) => new(Shape, Tensors.Read, options);

    /// <summary>Trains, and returns what a reader must know of it. The models hold the weights of the best step.</summary>
    /// <param name="trained">What is trained: the model, or one that learns from a teacher.</param>
    /// <param name="parameters">Those of the model, what a method added included, and no teacher's.</param>
    public IReadOnlyDictionary<string, string> Run(ITrainable trained, IReadOnlyList<Parameter> parameters, string outputPath)
    {
        ITokenizer tokenizer = TokenizerFactory.FromGguf(_input.Metadata, _input.Path);
        TrainingData data = new(_parameters.Data, written => _context.File(written).Path);
        int context = Tensors.Architecture.Context, length = _parameters.SequenceLength == 0 ? Math.Min(context, UsualLength) : _parameters.SequenceLength;
        if (length > context) throw EdgeBenchException.BadInput($"'sequence_length: {length}'", $"at most {context}, what the model reads", file: _input.Path);
        (ExampleSet training, ExampleSet validation) = data.Encode(tokenizer, length, _parameters.LearnPrompts);
        string folder = $"{outputPath}.{Environment.ProcessId}.training";
        try
        {
            using TrainingLoop loop = new(trained, Shape.Vocabulary, _parameters, training, validation, "pass", folder);
            TrainingOutcome outcome = loop.Run(new Lines(_context.Progress), _context.Cancellation);
            return Facts(outcome, ParameterCount.Of(parameters), training, validation);
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    private static Dictionary<string, string> Facts(TrainingOutcome outcome, ParameterCount count, ExampleSet training, ExampleSet validation)
    {
        TrainingMemory memory = outcome.Memory;
        Dictionary<string, string> facts = new()
        {
            [TrainingFacts.Trainable] = Text($"{count.Trained}"),
            [TrainingFacts.Parameters] = Text($"{count.All}"),
            ["training items"] = Text($"{training.Items.Count}"),
            ["steps"] = Text($"{outcome.Steps}, the weights are those of step {outcome.BestStep}"),
            ["step seconds"] = Text($"{outcome.SecondsPerStep:0.0000} on average"),
            ["gradient bytes"] = Text($"{memory.Gradients}"),
            ["optimiser bytes"] = Text($"{memory.Optimiser}"),
            ["activation bytes"] = Text($"{memory.Activations}"),
        };
        if (training.Cut + validation.Cut > 0) facts["items cut at their beginning"] = Text($"{training.Cut + validation.Cut}");
        if (validation.Items.Count == 0) return facts;
        GroupScore before = GroupScore.Total(outcome.Curve.First(point => point.Validation.Count > 0).Validation), after = GroupScore.Total(outcome.Best);
        facts["validation loss"] = Text($"{before.Loss:0.0000} before, {after.Loss:0.0000} after");
        if (before.ExactMatch is { } was && after.ExactMatch is { } now) facts["validation answers exactly right"] = Text($"{100 * was:0.0} % before, {100 * now:0.0} % after, of {after.Items}");
        return facts;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Lines(IProgress<string>? progress) : ITrainingObserver
    {
        private long _steps;

        public void Begins(long steps, IReadOnlyList<CurvePoint> curve) => _steps = steps;

        public void Stepped(StepReport step, long steps)
        {
        }

        public void Reached(CurvePoint point)
        {
            if (point.Validation.Count == 0) return;
            GroupScore score = GroupScore.Total(point.Validation);
            progress?.Report(Text($"step {point.Step} of {_steps}: validation loss {score.Loss:0.000}{(score.ExactMatch is { } exact ? Text($", {100 * exact:0.0} % exactly right") : "")}"));
        }
    }
}
