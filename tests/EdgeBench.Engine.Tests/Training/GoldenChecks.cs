using EdgeBench.Engine.Tests.Golden;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Optimisers;

namespace EdgeBench.Engine.Tests.Training;

/// <summary>Comparisons with a golden file at its tolerances.</summary>
internal static class GoldenChecks
{
    private const double Share = 1e-4, Floor = 1e-6;

    public static void Tensor(GoldenFile file, string name, ReadOnlySpan<float> actual, double share = Share, double floor = Floor)
    {
        float[] expected = file.Floats(name);
        try
        {
            Near.Absolute(expected, actual, (share * expected.Max(Math.Abs)) + floor);
        }
        catch (Xunit.Sdk.XunitException error)
        {
            throw new Xunit.Sdk.XunitException($"{name}: {error.Message}");
        }
    }

    public static void Value(GoldenFile file, string name, double actual) => Tensor(file, name, [(float)actual]);

    /// <summary>How many gradients the file has; every trained parameter has one.</summary>
    public static int Gradients(GoldenFile file, string prefix, Trainer trainer)
    {
        foreach (Parameter parameter in trainer.Trained) Tensor(file, prefix + parameter.Name, parameter.Gradients);
        return file.Names.Count(name => name.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>How many parameters the file has.</summary>
    public static int Parameters(GoldenFile file, string prefix, IEnumerable<Parameter> parameters, double share, double floor = 0)
    {
        Dictionary<string, Parameter> byName = parameters.ToDictionary(parameter => parameter.Name);
        string[] names = [.. file.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
        foreach (string name in names) Tensor(file, name, byName[name[prefix.Length..]].Values, share, floor);
        return names.Length;
    }

    /// <summary>The step itself, within a hundredth.</summary>
    public static void Changes(GoldenFile file, string prefix, string before, IEnumerable<Parameter> parameters)
    {
        foreach (Parameter parameter in parameters)
        {
            if (!file.Names.Contains(prefix + parameter.Name)) continue;
            float[] start = file.Floats(before + parameter.Name);
            float[] expected = [.. file.Floats(prefix + parameter.Name).Select((value, i) => value - start[i])];
            float[] actual = [.. parameter.ToArray().Select((value, i) => value - start[i])];
            Near.Relative(expected, actual, 1e-2);
        }
    }

    /// <summary>The first step at rate 0.01 with the file's own gradients, clipped to norm 1.</summary>
    public static void StepOnStoredGradients(GoldenFile file, string prefix, IReadOnlyList<Parameter> parameters, IOptimiser optimiser)
    {
        using Workers workers = new(2);
        optimiser.Attach(parameters);
        foreach (Parameter parameter in parameters) file.Floats(prefix + parameter.Name).CopyTo(parameter.Gradients);
        double norm = new GradientNorm(parameters).Of(workers);
        Value(file, "out.grad_norm", norm);
        optimiser.Step(workers, 1, 1e-2, Math.Min(1, 1 / (norm + 1e-6)));
        optimiser.Dispose();
    }

    public static unsafe LogitSink Into(float[] logits, int width) => (firstRow, rows, values, stride) =>
    {
        for (int row = 0; row < rows; row++) new ReadOnlySpan<float>(values + ((nint)row * stride), width).CopyTo(logits.AsSpan((firstRow + row) * width));
    };
}
