using System.Runtime.InteropServices;
using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Engine.Training.Operations;
using EdgeBench.Engine.Training.Optimisers;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Engine.Tests.Training;

/// <summary>Grids with trained scales: gradients by the paper's equations in double, and what is exported.</summary>
public class LearnedScaleTests
{
    private const string Weight = "model.layers.1.mlp.down_proj.weight";

    private static readonly DecoderShape s_shape = DecoderShapes.Tiny;

    public static TheoryData<string> Grids => [.. WeightGrid.All.Select(grid => grid.Name)];

    [Theory]
    [MemberData(nameof(Grids))]
    public void Values_and_gradients_are_the_papers(string name)
    {
        const int Rows = 5, Columns = 64;
        WeightGrid grid = Grid(name);
        using Parameter weight = Numbers.Parameter("w.weight", [Rows, Columns], 3, true), target = Numbers.Parameter("t", [Rows, Columns], 4, false);
        float[] start = GridWeights.Of(grid, weight, null).Scales;
        // Smaller than the grid's own, so that some weights are beyond the outermost levels; of either sign; and one that is nothing.
        for (int i = 0; i < start.Length; i++) start[i] *= i == 2 ? 0 : i % 2 == 0 ? 0.61f : -0.87f;
        using Parameter scales = new("w.weight.scales", [Rows, start.Length / Rows], start, true);
        Graph graph = new();
        Tensor y = graph.Add(new LearnedScaleOperation(weight, scales, grid));
        graph.Add(new SquaredErrorOperation("loss", y, target));
        using RunningGraph running = new(graph, new Batch(1, 1, [0], [0]));
        double loss = running.Run(), expected = 0;
        int group = Rows * Columns / start.Length, beyond = 0;
        double[] ds = new double[start.Length], dw = new double[Rows * Columns];
        for (int i = 0; i < dw.Length; i++)
        {
            double s = grid.StoredScale(start[i / group]), v = weight.Values[i] / s;
            int level = s == 0 ? 0 : (int)Math.Round(Math.Clamp(v, grid.Lowest, grid.Highest));
            double slope = 2 * ((level * s) - target.Values[i]);
            expected += slope * slope / 4;
            if (s == 0) continue;
            bool inside = v > grid.Lowest && v < grid.Highest;
            if (!inside) beyond++;
            dw[i] = inside ? slope : 0;
            ds[i / group] += slope * (inside ? level - v : v < 0 ? grid.Lowest : grid.Highest) / Math.Sqrt((double)group * grid.Highest);
        }
        Assert.InRange(beyond, 5, dw.Length / 2);
        Assert.Equal(expected, loss, 1e-5 * expected);
        Near.Absolute([.. dw.Select(value => (float)value)], weight.Gradients, 1e-5);
        Near.Absolute([.. ds.Select(value => (float)value)], scales.Gradients, 1e-5 * ds.Max(Math.Abs));
    }

    [Theory]
    [MemberData(nameof(Grids))]
    public void What_is_exported_is_what_the_forward_pass_used(string name)
    {
        foreach (bool learned in new[] { true, false })
        {
            using TrainableDecoder model = Model(new() { Grid = OnLinears(name), LearnedScales = learned ? new() : null });
            using Trainer trainer = new(model, new AdamW(), WarmUpSchedule.Constant(1e-2), new());
            for (int i = 0; i < 5; i++) trainer.Step(Batch());
            float[] used = GraphValues.Of(model.Build(2, 9), Batch(), $"{Weight}.{name}");
            GridWeights exported = model.OnGrid(Weight)!;
            Assert.Equal(Bits(used), Bits(exported.Dequantised()));
            Assert.Equal([32, 64], [exported.Rows, exported.Columns]);
            Assert.Null(model.OnGrid("model.norm.weight"));
            BlockFormat? format = name == "q8_0" ? Q8_0.Format : name == "q4_0" ? Q4_0.Format : null;
            if (format is null)
            {
                Assert.Throws<NotSupportedException>(() => exported.Blocks());
                continue;
            }
            float[] decoded = new float[used.Length];
            format.Dequantise(exported.Blocks(), decoded);
            Assert.Equal(Bits(used), Bits(decoded));
        }
    }

    [Fact]
    public void Scales_start_at_the_grids_own_and_are_loaded_where_they_are_stored()
    {
        using TrainableDecoder model = Model(new() { Grid = OnLinears("q4_0"), LearnedScales = new() }), plain = Model(new() { Grid = OnLinears("q4_0") });
        Parameter scales = model.Parameters.Single(parameter => parameter.Name == $"{Weight}.scales");
        Assert.Equal([32, 2], scales.Shape);
        Assert.Equal(plain.OnGrid(Weight)!.Scales, scales.ToArray());
        Assert.Equal(14, model.Parameters.Count(parameter => parameter.Name.EndsWith(".scales", StringComparison.Ordinal)));
        Assert.Equal(Loss(plain), Loss(model), 1e-2);
        float[] stored = [.. scales.ToArray().Select(value => value * 0.9f)];
        using TrainableDecoder again = Model(new() { Grid = OnLinears("q4_0"), LearnedScales = new() }, stored);
        Assert.Equal(stored, again.Parameters.Single(parameter => parameter.Name == $"{Weight}.scales").ToArray());
    }

    [Fact]
    public void Scales_alone_can_be_trained_and_lower_the_loss()
    {
        using TrainableDecoder model = Model(new() { Grid = OnLinears("sym2_g32"), LearnedScales = new(), Trains = _ => false, HalfFrozen = true });
        using Trainer trainer = new(model, new AdamW(), WarmUpSchedule.Constant(1e-2), new());
        Assert.All(trainer.Trained, parameter => Assert.EndsWith(".scales", parameter.Name));
        double first = trainer.Step(Batch()).Loss;
        for (int i = 0; i < 40; i++) trainer.Step(Batch());
        Assert.InRange(trainer.Gradients(Batch()).Loss, 0, first - 0.3);
    }

    [Theory]
    [InlineData(null, 1 / 7.0)]
    [InlineData(0.5f, 0.5)]
    public void Scales_have_a_rate_of_their_own_and_no_decay(float? rate, double expected)
    {
        using TrainableDecoder model = Model(new() { Grid = OnLinears("q4_0"), LearnedScales = new() { Rate = rate } });
        using Trainer trainer = new(model, new AdamW { WeightDecay = 0.5 }, WarmUpSchedule.Constant(1e-2), new());
        Parameter scales = model.Parameters.Single(parameter => parameter.Name == $"{Weight}.scales");
        float[] before = scales.ToArray();
        trainer.Step(Batch());
        // The first step of Adam is the rate, up or down, but for its epsilon.
        for (int i = 0; i < before.Length; i++) Assert.Equal(1e-2 * expected, Math.Abs(scales.Values[i] - before[i]), 1e-4 * expected);
    }

    // One table for both in a file, so that both read what is on the grid, and its gradient is that of both.
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void The_token_embedding_is_on_its_grid_where_it_is_looked_up_and_where_it_is_the_head(bool tied, bool learned)
    {
        const string Table = "model.embed_tokens.weight";
        DecoderShape shape = s_shape with { Tied = tied };
        Func<string, float[]?> random = DecoderShapes.Random(shape, 5);
        TrainingOptions options = new() { Grid = name => name == Table ? WeightGrid.Q8_0 : null, LearnedScales = learned ? new() : null };
        using TrainableDecoder model = new(shape, random, options);
        float[] rounded = model.OnGrid(Table)!.Dequantised();
        using TrainableDecoder plain = new(shape, name => name == Table ? rounded : random(name));
        using Trainer trainer = new(model, new AdamW(), WarmUpSchedule.Constant(1e-2), new()), other = new(plain, new AdamW(), WarmUpSchedule.Constant(1e-2), new());
        Assert.Equal(other.Gradients(Batch(), Batch()).Loss, trainer.Gradients(Batch(), Batch()).Loss);
        float[] expected = plain.Parameters[0].Gradients.ToArray(), actual = model.Parameters[0].Gradients.ToArray();
        // A weight on its outermost level gets none from a learned scale.
        if (learned) Assert.InRange(expected.Zip(actual).Count(pair => pair.First != pair.Second), 1, 64 * 32 / 20);
        else Assert.Equal(expected, actual);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Assert.Contains("without a grid", Assert.Throws<EdgeBenchException>(() => Model(new() { LearnedScales = new() })).Message);
        Assert.Contains("rate of learned scales of -1", Assert.Throws<EdgeBenchException>(() => Model(new() { Grid = OnLinears("q4_0"), LearnedScales = new() { Rate = -1 } })).Message);
        using TrainableDecoder model = Model(new() { Grid = OnLinears("q4_0"), LearnedScales = new() });
        model.Parameters.Single(parameter => parameter.Name == $"{Weight}.scales").Values[3] = 70_000;
        Assert.Contains($"row 1 of {Weight}.scales", Assert.Throws<EdgeBenchException>(() => Loss(model)).Message);
    }

    private static WeightGrid Grid(string name) => WeightGrid.All.Single(one => one.Name == name);

    private static Func<string, WeightGrid?> OnLinears(string grid) => name => name.EndsWith("_proj.weight", StringComparison.Ordinal) ? Grid(grid) : null;

    private static TrainableDecoder Model(TrainingOptions options, float[]? scales = null)
    {
        Func<string, float[]?> random = DecoderShapes.Random(s_shape, 5);
        return new(s_shape, name => name == $"{Weight}.scales" ? scales : random(name), options);
    }

    private static double Loss(TrainableDecoder model)
    {
        using Trainer trainer = new(model, new AdamW(), WarmUpSchedule.Constant(1e-2), new());
        (double sum, int targets) = trainer.Evaluate(Batch());
        return sum / targets;
    }

    private static int[] Bits(float[] values) => MemoryMarshal.Cast<float, int>(values).ToArray();

    private static Batch Batch()
    {
        Random random = new(3);
        int[] Numbers() => [.. Enumerable.Range(0, 18).Select(_ => random.Next(64))];
        return new(2, 9, Numbers(), Numbers());
    }
}
