using EdgeBench.Engine.Tests.Golden;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Engine.Training.Optimisers;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Training;

/// <summary>Training of the encoder against PyTorch, every tensor of the file within the tolerances of golden/README.md.</summary>
public class GoldenEncoderTests
{
    private static readonly EncoderShape s_shape = new() { Vocabulary = 64, Width = 32, Layers = 2, Heads = 4, Ffn = 64, Positions = 16, Types = 2, Classes = 3 };

    private static readonly WarmUpSchedule s_rate = WarmUpSchedule.Constant(1e-2);

    private static readonly int[] s_lengths = [12, 7, 4];

    private readonly GoldenFile _file = new(RepositoryFiles.Shared("golden/bert-tiny.safetensors"));

    private Batch Batch => new(3, 12, _file.Integers("input.tokens"), _file.Integers("input.labels")) { Types = _file.Integers("input.token_type_ids"), Lengths = s_lengths };

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void Logits_loss_and_every_gradient_are_PyTorchs(int threads, bool recompute)
    {
        using TrainableEncoder model = Model();
        using Trainer trainer = new(model, new AdamW(), s_rate, new() { Threads = threads, Recompute = recompute });
        GoldenChecks.Value(_file, "out.loss", trainer.Gradients(Batch).Loss);
        Assert.Equal(model.Parameters.Count, GoldenChecks.Gradients(_file, "grad.", trainer));
        float[] logits = new float[9];
        trainer.Evaluate(Batch, GoldenChecks.Into(logits, 3));
        GoldenChecks.Tensor(_file, "out.logits", logits);
    }

    [Fact]
    public void The_residual_stream_after_each_layer_is_PyTorchs()
    {
        using TrainableEncoder model = Model();
        for (int layer = 0; layer < 2; layer++)
        {
            float[] values = GraphValues.Of(model.Build(3, 12), Batch, $"bert.encoder.layer.{layer}.output.LayerNorm");
            // The file has zeros in padded rows.
            for (int sequence = 0; sequence < 3; sequence++) values.AsSpan(((sequence * 12) + s_lengths[sequence]) * 32, (12 - s_lengths[sequence]) * 32).Clear();
            GoldenChecks.Tensor(_file, $"act.bert.encoder.layer.{layer}", values);
        }
    }

    [Fact]
    public void One_step_of_AdamW_is_PyTorchs()
    {
        using TrainableEncoder model = Model();
        using Trainer trainer = new(model, new AdamW(), s_rate, new() { ClipNorm = 1 });
        GoldenChecks.Value(_file, "out.grad_norm", trainer.Step(Batch).GradientNorm);
        Assert.Equal(model.Parameters.Count - 2, GoldenChecks.Parameters(_file, "adamw.", model.Parameters, 1e-4));
        GoldenChecks.Changes(_file, "adamw.", "param.", model.Parameters);
    }

    [Fact]
    public void AdamW_alone_on_PyTorchs_gradients_is_PyTorchs()
    {
        using TrainableEncoder model = Model();
        GoldenChecks.StepOnStoredGradients(_file, "grad.", model.Parameters, new AdamW());
        GoldenChecks.Parameters(_file, "adamw.", model.Parameters, 1e-6);
    }

    private TrainableEncoder Model() => new(s_shape, name => _file.Names.Contains($"param.{name}") ? _file.Floats($"param.{name}") : null);
}
