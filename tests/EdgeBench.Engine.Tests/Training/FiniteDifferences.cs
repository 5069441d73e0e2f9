using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Tests.Training;

/// <summary>Gradients against differences of the loss.</summary>
internal static class FiniteDifferences
{
    /// <summary>Central differences for up to <paramref name="most"/> elements; the forward pass is float32, so that steps are large and tolerances loose.</summary>
    public static void Compare(Parameter input, float[] gradient, RunningGraph running, int most = 60)
    {
        const float Step = 1e-2f;
        double largest = gradient.Max(Math.Abs);
        Assert.True(largest > 0, $"{input.Name} has no gradient.");
        for (int i = 0; i < gradient.Length; i += Math.Max(1, gradient.Length / most))
        {
            float value = input.Values[i];
            input.Values[i] = value + Step;
            double above = running.Run();
            input.Values[i] = value - Step;
            double below = running.Run();
            input.Values[i] = value;
            double slope = (above - below) / (2 * Step);
            Assert.True(Math.Abs(slope - gradient[i]) <= (0.02 * Math.Abs(slope)) + (0.004 * largest) + 1e-4, $"{input.Name}[{i}]: {gradient[i]} instead of {slope}.");
        }
    }

    /// <summary>Every trained parameter of a model on a batch, in memory full of NaN.</summary>
    public static void Compare(IReadOnlyList<Parameter> parameters, Graph graph, Engine.Training.Batch batch, bool recompute)
    {
        using RunningGraph running = new(graph, batch, threads: 1, recompute);
        running.Run();
        Parameter[] trained = [.. parameters.Where(parameter => parameter.Trainable)];
        float[][] gradients = [.. trained.Select(parameter => parameter.Gradients.ToArray())];
        for (int i = 0; i < trained.Length; i++) Compare(trained[i], gradients[i], running, most: 5);
    }
}
