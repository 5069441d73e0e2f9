using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Engine.Training.Optimisers;
using EdgeBench.Kernels.Quantisation;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Training;

public class TrainerTests
{
    private static readonly DecoderShape s_shape = new() { Vocabulary = 61, Width = 48, Layers = 3, Heads = 6, KvHeads = 2, HeadDim = 8, Ffn = 80, Tied = false, QkvBias = true, QueryKeyNorm = true };

    private static readonly TrainingOptions s_lora = new() { Lora = new(3, 6, ["q_proj", "down_proj"], Dropout: 0.3f), HalfFrozen = true };

    public static TheoryData<string> Ways => ["full", "lora", "q4_0", "norms only", "adapters", "bitfit", "all three", "distilled", "prompt", "prefix", "scales"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Threads_and_recomputation_change_no_bit_of_a_training(string way)
    {
        float[][] expected = Trained(way, new() { Threads = 1, ClipNorm = 0.5 });
        Assert.Equal(expected, Trained(way, new() { Threads = 3, ClipNorm = 0.5 }));
        Assert.Equal(expected, Trained(way, new() { Threads = 2, ClipNorm = 0.5, Recompute = true }));
        Assert.NotEqual(expected, Trained(way, new() { Threads = 1, ClipNorm = 0.1 }));
    }

    [Fact]
    public void Recomputation_needs_less_memory()
    {
        using TrainableDecoder model = Model("full");
        using Trainer whole = new(model, new AdamW(), WarmUpSchedule.Constant(1e-3), new()), again = new(model, new AdamW(), WarmUpSchedule.Constant(1e-3), new() { Recompute = true });
        whole.Step(Batch(1, 2, 40));
        again.Step(Batch(1, 2, 40));
        Assert.InRange(again.Memory.Activations, 1, whole.Memory.Activations * 2 / 3);
        Assert.Equal(whole.Trained.Sum(parameter => parameter.Count) * 8, whole.Memory.Optimiser);
    }

    [Fact]
    public void A_step_allocates_nothing_once_its_shapes_were_seen()
    {
        using TrainableDecoder model = Model("full");
        using Trainer trainer = new(model, new AdamW(), WarmUpSchedule.Constant(1e-3), new() { Threads = 2, ClipNorm = 1 });
        Batch one = Batch(1, 2, 24), other = Batch(2, 3, 17);
        for (int i = 0; i < 3; i++) trainer.Step(one, other);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < 20; i++) trainer.Step(one, other);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 2000);
    }

    [Fact]
    public void Training_lowers_the_loss_of_what_it_sees()
    {
        using TrainableDecoder model = Model("full");
        using Trainer trainer = new(model, new AdamW(), new WarmUpSchedule(5e-3, 3, 60, Decay.Cosine), new() { ClipNorm = 1 });
        Batch batch = Batch(1, 2, 24);
        double first = trainer.Step(batch).Loss;
        for (int i = 0; i < 59; i++) trainer.Step(batch);
        (double sum, int targets) = trainer.Evaluate(batch);
        Assert.InRange(sum / targets, 0, first / 10);
    }

    [Theory]
    [InlineData("lora", 1)]
    [InlineData("lora", 4)]
    [InlineData("lora", 7)]
    [InlineData("all three", 4)]
    [InlineData("prompt", 4)]
    [InlineData("scales", 4)]
    [InlineData("prefix", 4)]
    public void A_training_that_was_cut_off_ends_with_the_same_bits(string way, int cut)
    {
        using TemporaryFolder folder = new();
        string path = System.IO.Path.Combine(folder.Path, "training.checkpoint");
        float[][] whole = Ordered(way, 9, null, null);
        Ordered(way, cut, null, path);
        Assert.Equal(whole, Ordered(way, 9 - cut, path, null));
    }

    [Fact]
    public void Checkpoints_of_another_training_and_damaged_ones_are_refused()
    {
        using TemporaryFolder folder = new();
        string path = System.IO.Path.Combine(folder.Path, "training.checkpoint");
        Ordered("lora", 2, null, path);
        using TrainableDecoder model = Model("lora"), other = Model("full");
        using Trainer trainer = new(model, new AdamW(), WarmUpSchedule.Constant(2e-3), new()), faster = new(model, new AdamW(), WarmUpSchedule.Constant(3e-3), new()), full = new(other, new AdamW(), WarmUpSchedule.Constant(2e-3), new());
        float[] before = trainer.Trained[0].ToArray();
        Refused("recipe 'mine'", () => TrainingCheckpoint.Resume(path, trainer, "another", null));
        Refused("peak=0.002", () => TrainingCheckpoint.Resume(path, faster, "mine", null));
        Refused("lora_A", () => TrainingCheckpoint.Resume(path, full, "mine", null));
        byte[] file = File.ReadAllBytes(path);
        file[^100] ^= 1;
        File.WriteAllBytes(path, file);
        Refused("damaged", () => TrainingCheckpoint.Resume(path, trainer, "mine", null));
        File.WriteAllBytes(path, file[..50]);
        Refused("damaged", () => TrainingCheckpoint.Resume(path, trainer, "mine", null));
        File.WriteAllText(path, "something else");
        Refused("no training checkpoint", () => TrainingCheckpoint.Resume(path, trainer, "mine", null));
        Assert.Equal(before, trainer.Trained[0].ToArray());
        Assert.Equal(0, trainer.Steps);
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_reported_with_step_and_tensor_and_changes_nothing()
    {
        using TrainableDecoder model = Model("full");
        using Trainer trainer = new(model, new AdamW(), WarmUpSchedule.Constant(1e-3), new());
        trainer.Step(Batch(1, 2, 12));
        model.Parameters.Single(parameter => parameter.Name == "model.layers.1.mlp.up_proj.weight").Values[5] = float.PositiveInfinity;
        float[] before = model.Parameters[0].ToArray();
        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(() => trainer.Step(Batch(1, 2, 12)));
        Assert.Equal(2, error.Step);
        Assert.Contains("model.layers.1.mlp.up_proj.weight", error.Message);
        Assert.Equal(before, model.Parameters[0].ToArray());
    }

    [Fact]
    public void Batches_and_targets_that_do_not_fit_are_refused()
    {
        using TrainableDecoder model = Model("full");
        using Trainer trainer = new(model, new AdamW(), WarmUpSchedule.Constant(1e-3), new());
        Refused("token 61", () => trainer.Step(new Batch(1, 2, [1, 61], [1, 1])));
        Refused("target 61", () => trainer.Step(new Batch(1, 2, [1, 2], [1, 61])));
        Refused("3 tokens", () => trainer.Step(new Batch(1, 2, [1, 2, 3], [1, 2])));
        Refused("without a target", () => trainer.Step(new Batch(1, 2, [1, 2], [-100, -100])));
        Refused("Did you mean 'q_proj'?", () => new TrainableDecoder(s_shape, DecoderShapes.Random(s_shape, 1), new() { Lora = new(2, 2, ["q_prj"]) }));
    }

    private static void Refused(string part, Action action) => Assert.Contains(part, Assert.Throws<EdgeBenchException>(action).Message);

    private static TrainableDecoder Model(string way) => new(s_shape, DecoderShapes.Random(s_shape, 5), way switch
    {
        "lora" => s_lora,
        "adapters" => new() { Adapters = new(5), HalfFrozen = true },
        "bitfit" => new() { BitFit = new(), HalfFrozen = true },
        "scales" => new() { Grid = name => name.EndsWith("_proj.weight", StringComparison.Ordinal) ? WeightGrid.Int8Channel : null, LearnedScales = new(), Lora = s_lora.Lora, Trains = name => !name.Contains("mlp", StringComparison.Ordinal) },
        "prompt" => new() { Prompt = new(7), Lora = s_lora.Lora, HalfFrozen = true },
        "prefix" => new() { Prefix = new(7), Adapters = new(3), HalfFrozen = true },
        "all three" => s_lora with { Adapters = new(4, Attention: false), BitFit = new(["o_proj", "up_proj"]) },
        "q4_0" => new() { Grid = name => name.EndsWith("v_proj.weight", StringComparison.Ordinal) ? WeightGrid.Int8Channel : null },
        "norms only" => new() { Trains = name => name.EndsWith("norm.weight", StringComparison.Ordinal) || name.EndsWith("bias", StringComparison.Ordinal), HalfFrozen = true },
        _ => new(),
    });

    private static float[][] Trained(string way, TrainerOptions options)
    {
        using TrainableDecoder model = Model(way), teacher = new(s_shape, DecoderShapes.Random(s_shape, 6), new() { Frozen = true, HalfFrozen = true });
        using Trainer trainer = new(way == "distilled" ? new DistilledModel(model, teacher, new()) : model, new AdamW(), WarmUpSchedule.Constant(2e-3), options);
        for (int i = 0; i < 4; i++) trainer.Step(Batch(i, 2, 70), Batch(i + 9, 1, 33));
        return [.. trainer.Trained.Select(parameter => parameter.ToArray())];
    }

    // Batches of examples in a shuffled order, from a checkpoint on and into one.
    private static float[][] Ordered(string way, int steps, string? from, string? to)
    {
        using TrainableDecoder model = Model(way);
        using Trainer trainer = new(model, new AdamW(), WarmUpSchedule.Constant(2e-3), new() { Threads = 2 });
        DataOrder order = new(5, 3);
        if (from is not null) TrainingCheckpoint.Resume(from, trainer, "mine", order);
        for (int i = 0; i < steps; i++) trainer.Step(Batch(order.Next(), 2, 20));
        if (to is not null) TrainingCheckpoint.Save(to, trainer, "mine", order);
        return [.. trainer.Trained.Select(parameter => parameter.ToArray())];
    }

    private static Batch Batch(int seed, int sequences, int length)
    {
        Random random = new(seed);
        int[] Numbers(double ignored) => [.. Enumerable.Range(0, sequences * length).Select(_ => random.NextDouble() < ignored ? Engine.Training.Batch.Ignored : random.Next(s_shape.Vocabulary))];
        return new(sequences, length, Numbers(0), Numbers(0.2));
    }
}
