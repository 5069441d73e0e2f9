using EdgeBench.Core.Training;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Training.Data;
using EdgeBench.Training.Loop;
using EdgeBench.Training.Models;

namespace EdgeBench.Training.Tests;

/// <summary>A decoder of some thousand parameters that learns what follows each token: quick, and learnable.</summary>
internal sealed class TinyTraining : IDisposable
{
    public const int Vocabulary = 24;

    private static readonly DecoderShape s_shape = new() { Vocabulary = Vocabulary, Width = 32, Layers = 1, Heads = 2, KvHeads = 1, HeadDim = 16, Ffn = 32, Tied = true };

    public TinyTraining(ulong seed = 1) => Model = new TrainableDecoder(s_shape, new FreshWeights(s_shape, seed).Take);

    public TrainableDecoder Model { get; }

    public static TrainingSettings Settings { get; } = new() { Steps = 60, BatchTokens = 64, Rate = 0.02, EvaluateEvery = 10, Threads = 1, WarmUp = 0.1, Decay = Engine.Training.Optimisers.Decay.Linear };

    /// <summary>Prompt: two tokens; completion: what follows the second, what follows that, and the end (0).</summary>
    public static ExampleSet Data(int count, int seed, string group = "follow")
    {
        Random random = new(seed);
        return new([.. Enumerable.Range(0, count).Select(_ =>
        {
            int first = random.Next(1, Vocabulary), second = random.Next(1, Vocabulary);
            return new Example([first, second, Next(second), Next(Next(second)), 0], 2, group, Answers: true);
        })], 0);
    }

    private static int Next(int token) => 1 + (((token * 7) + 3) % (Vocabulary - 1));

    public float[] Weights() => [.. Model.Parameters.SelectMany(parameter => parameter.ToArray())];

    /// <summary>Trains in a folder, and stops after <paramref name="stopAfter"/> steps as if it were interrupted.</summary>
    public TrainingOutcome? Train(string folder, TrainingSettings? settings = null, int? stopAfter = null, ExampleSet? training = null, ExampleSet? validation = null, string recipe = "r", List<CurvePoint>? curve = null)
    {
        using CancellationTokenSource cancel = new();
        using TrainingLoop loop = new(Model, Vocabulary, settings ?? Settings, training ?? Data(200, 1), validation ?? Data(40, 2), recipe, folder);
        try
        {
            return loop.Run(new Watcher(step => { if (step == stopAfter) cancel.Cancel(); }, curve), cancel.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose() => Model.Dispose();

    private sealed class Watcher(Action<long> stepped, List<CurvePoint>? curve) : ITrainingObserver
    {
        public void Begins(long steps, IReadOnlyList<CurvePoint> before) => curve?.AddRange(before);

        public void Stepped(StepReport step, long steps) => stepped(step.Step);

        public void Reached(CurvePoint point) => curve?.Add(point);
    }
}
