using EdgeBench.Engine.Tests.Golden;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Engine.Training.Optimisers;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Training;

/// <summary>Training of the decoder against PyTorch, every tensor of the file within the tolerances of golden/README.md.</summary>
public class GoldenDecoderTests
{
    private static readonly WarmUpSchedule s_rate = WarmUpSchedule.Constant(1e-2);

    private readonly GoldenFile _file = new(RepositoryFiles.Shared("golden/llama-tiny.safetensors"));

    private Batch Batch => new(2, 16, _file.Integers("input.tokens"), _file.Integers("input.targets"));

    public static TheoryData<int, bool> Ways => new() { { 1, false }, { 2, false }, { 3, true } };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Logits_loss_and_every_gradient_are_PyTorchs(int threads, bool recompute)
    {
        using TrainableDecoder model = Model();
        using Trainer trainer = new(model, new AdamW(), s_rate, new() { Threads = threads, Recompute = recompute });
        GoldenChecks.Value(_file, "out.loss", trainer.Gradients(Batch).Loss);
        Assert.Equal(20, GoldenChecks.Gradients(_file, "grad.", trainer));
        float[] logits = new float[32 * 64];
        (double sum, int targets) = trainer.Evaluate(Batch, GoldenChecks.Into(logits, 64));
        GoldenChecks.Tensor(_file, "out.logits", logits);
        GoldenChecks.Value(_file, "out.loss", sum / targets);
        Assert.Equal(25, targets);
    }

    [Fact]
    public void The_residual_stream_after_each_layer_is_PyTorchs()
    {
        using TrainableDecoder model = Model();
        for (int layer = 0; layer < 2; layer++)
        {
            string name = $"model.layers.{layer}.mlp.down_proj";
            GoldenChecks.Tensor(_file, $"act.model.layers.{layer}", GraphValues.Of(model.Build(2, 16), Batch, name));
        }
    }

    [Fact]
    public void Micro_batches_add_up_to_the_gradient_of_the_whole_batch()
    {
        using TrainableDecoder model = Model();
        using Trainer trainer = new(model, new AdamW(), s_rate, new());
        Batch whole = Batch, first = new(1, 16, whole.Tokens[..16], whole.Targets[..16]), second = new(1, 16, whole.Tokens[16..], whole.Targets[16..]);
        GoldenChecks.Value(_file, "out.loss", trainer.Gradients(first, second).Loss);
        Assert.Equal(20, GoldenChecks.Gradients(_file, "grad.", trainer));
    }

    [Fact]
    public void One_step_of_AdamW_is_PyTorchs()
    {
        using TrainableDecoder model = Model();
        using Trainer trainer = new(model, new AdamW(), s_rate, new() { ClipNorm = 1 });
        StepReport report = trainer.Step(Batch);
        GoldenChecks.Value(_file, "out.grad_norm", report.GradientNorm);
        Assert.Equal(20, GoldenChecks.Parameters(_file, "adamw.", model.Parameters, 1e-4));
        GoldenChecks.Changes(_file, "adamw.", "param.", model.Parameters);
    }

    [Fact]
    public void AdamW_alone_on_PyTorchs_gradients_is_PyTorchs()
    {
        using TrainableDecoder model = Model();
        GoldenChecks.StepOnStoredGradients(_file, "grad.", model.Parameters, new AdamW());
        Assert.Equal(20, GoldenChecks.Parameters(_file, "adamw.", model.Parameters, 1e-6));
    }

    [Fact]
    public void Five_scheduled_steps_are_PyTorchs()
    {
        using TrainableDecoder model = Model();
        using Trainer trainer = new(model, new AdamW(), new WarmUpSchedule(1e-2, 2, 5, Decay.Cosine, 1e-3), new() { ClipNorm = 1 });
        StepReport[] reports = [.. Enumerable.Range(0, 5).Select(_ => trainer.Step(Batch))];
        GoldenChecks.Tensor(_file, "out.adamw5_losses", [.. reports.Select(report => (float)report.Loss)]);
        GoldenChecks.Tensor(_file, "out.adamw5_grad_norms", [.. reports.Select(report => (float)report.GradientNorm)]);
        GoldenChecks.Tensor(_file, "out.adamw5_lr", [.. reports.Select(report => (float)report.Rate)]);
        Assert.Equal(20, GoldenChecks.Parameters(_file, "adamw5.", model.Parameters, 1e-3));
    }

    [Fact]
    public void Three_steps_of_SGD_with_momentum_are_PyTorchs()
    {
        using TrainableDecoder model = Model();
        using Trainer trainer = new(model, new Sgd(), WarmUpSchedule.Constant(0.05), new());
        GoldenChecks.Tensor(_file, "out.sgd3_losses", [.. Enumerable.Range(0, 3).Select(_ => (float)trainer.Step(Batch).Loss)]);
        Assert.Equal(20, GoldenChecks.Parameters(_file, "sgd3.", model.Parameters, 1e-4, floor: 1e-6));
    }

    [Fact]
    public void LoRA_is_PyTorchs()
    {
        using TrainableDecoder model = Model(new() { Lora = new(4, 8, ["q_proj", "v_proj"]) });
        using Trainer trainer = new(model, new AdamW { WeightDecay = 0 }, s_rate, new() { ClipNorm = 1 });
        Assert.All(trainer.Trained, parameter => Assert.Contains("lora_", parameter.Name));
        float[] logits = new float[32 * 64];
        trainer.Evaluate(Batch, GoldenChecks.Into(logits, 64));
        GoldenChecks.Tensor(_file, "lora.out.logits", logits);
        GoldenChecks.Value(_file, "lora.out.loss", trainer.Gradients(Batch).Loss);
        Assert.Equal(8, GoldenChecks.Gradients(_file, "lora.grad.", trainer));
        GoldenChecks.Value(_file, "lora.out.grad_norm", trainer.Step(Batch).GradientNorm);
        Assert.Equal(8, GoldenChecks.Parameters(_file, "lora.adamw.", trainer.Trained, 1e-4));
        GoldenChecks.Changes(_file, "lora.adamw.", "lora.param.", trainer.Trained);
    }

    private TrainableDecoder Model(TrainingOptions? options = null) => new(DecoderShapes.Tiny, name => Stored($"param.{name}") ?? Stored($"lora.param.{name}"), options);

    private float[]? Stored(string name) => _file.Names.Contains(name) ? _file.Floats(name) : null;
}
