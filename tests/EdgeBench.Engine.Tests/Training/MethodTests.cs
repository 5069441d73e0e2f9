using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Engine.Training.Optimisers;

namespace EdgeBench.Engine.Tests.Training;

/// <summary>Methods that train few parameters beside a frozen model.</summary>
public class MethodTests
{
    private static readonly DecoderShape s_shape = DecoderShapes.Tiny;

    private static readonly EncoderShape s_encoder = new() { Vocabulary = 64, Width = 32, Layers = 2, Heads = 4, Ffn = 64, Positions = 16, Types = 2, Classes = 3 };

    public static TheoryData<string> Ways => ["adapters", "pfeiffer", "bitfit", "some biases", "prompt", "prefix"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Gradients_of_what_a_method_adds_are_the_slopes_of_the_loss(string way)
    {
        foreach (bool recompute in new[] { false, true })
        {
            using TrainableDecoder model = Model(Options(way));
            Perturb(model.Parameters);
            FiniteDifferences.Compare(model.Parameters, model.Build(2, 5), Batch(2, 5), recompute);
        }
    }

    [Theory]
    [InlineData("adapters", 1e-6)]
    [InlineData("pfeiffer", 1e-6)]
    [InlineData("bitfit", 0)]
    [InlineData("some biases", 0)]
    public void Training_starts_at_the_model(string way, double tolerance)
    {
        using TrainableDecoder model = Model(Options(way)), plain = new(s_shape, DecoderShapes.Random(s_shape, 5));
        Assert.Equal(Loss(plain), Loss(model), tolerance);
        Perturb(model.Parameters);
        Assert.NotEqual(Loss(plain), Loss(model), 1e-3);
    }

    [Theory]
    [InlineData("adapters", new[] { "self_attn.adapter.down.weight", "self_attn.adapter.down.bias", "self_attn.adapter.up.weight", "self_attn.adapter.up.bias", "mlp.adapter.down.weight", "mlp.adapter.down.bias", "mlp.adapter.up.weight", "mlp.adapter.up.bias" }, 2 * ((2 * 32 * 6) + 6 + 32))]
    [InlineData("pfeiffer", new[] { "mlp.adapter.down.weight", "mlp.adapter.down.bias", "mlp.adapter.up.weight", "mlp.adapter.up.bias" }, (2 * 32 * 6) + 6 + 32)]
    [InlineData("bitfit", new[] { "self_attn.q_proj.bias", "self_attn.k_proj.bias", "self_attn.v_proj.bias", "self_attn.o_proj.bias", "mlp.gate_proj.bias", "mlp.up_proj.bias", "mlp.down_proj.bias" }, 32 + 16 + 16 + 32 + 64 + 64 + 32)]
    [InlineData("some biases", new[] { "self_attn.v_proj.bias", "mlp.down_proj.bias" }, 16 + 32)]
    public void Only_what_a_method_adds_is_trained_under_its_names(string way, string[] names, int perLayer)
    {
        using TrainableDecoder model = Model(Options(way)), plain = new(s_shape, DecoderShapes.Random(s_shape, 5));
        string[] expected = [.. Enumerable.Range(0, 2).SelectMany(layer => names.Select(name => $"model.layers.{layer}.{name}"))];
        Assert.Equal(expected, model.Parameters.Where(parameter => parameter.Trainable).Select(parameter => parameter.Name));
        Assert.Equal(new ParameterCount(2 * perLayer, ParameterCount.Of(plain.Parameters).All + (2 * perLayer)), ParameterCount.Of(model.Parameters));
    }

    [Theory]
    [InlineData("prompt", new[] { "prompt_embeddings" }, 3 * 32)]
    [InlineData("prefix", new[] { "model.layers.0.self_attn.prefix_k", "model.layers.0.self_attn.prefix_v", "model.layers.1.self_attn.prefix_k", "model.layers.1.self_attn.prefix_v" }, 4 * 3 * 16)]
    public void Virtual_tokens_have_their_names(string way, string[] names, int trained)
    {
        using TrainableDecoder model = Model(Options(way));
        Assert.Equal(names, model.Parameters.Where(parameter => parameter.Trainable).Select(parameter => parameter.Name));
        Assert.Equal(trained, ParameterCount.Of(model.Parameters).Trained);
        Assert.All(model.Parameters.Where(parameter => parameter.Trainable), parameter => Assert.False(AdamW.Decays(parameter)));
    }

    // Norms of heads and half-precision frozen weights are on the way from tokens to keys.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Virtual_tokens_that_start_with_tokens_are_these_before_the_text(bool normed)
    {
        int[] start = [7, 60, 21], before = [7, 60, 21, 7, 60];
        DecoderShape shape = s_shape with { QueryKeyNorm = normed, Tied = normed };
        TrainingOptions lora = new() { Lora = new(2, 2, ["v_proj"]), HalfFrozen = normed };
        Batch batch = Batch(2, 60), longer = new(2, 65, [.. before, .. batch.Tokens[..60], .. before, .. batch.Tokens[60..]],
            [.. before.Select(_ => Engine.Training.Batch.Ignored), .. batch.Targets[..60], .. before.Select(_ => Engine.Training.Batch.Ignored), .. batch.Targets[60..]]);
        using TrainableDecoder plain = new(shape, DecoderShapes.Random(shape, 5), lora), prompt = new(shape, DecoderShapes.Random(shape, 5), lora with { Prompt = new(5) { Start = start } });
        using TrainableDecoder prefix = new(shape, DecoderShapes.Random(shape, 5), lora with { Prefix = new(5) { Start = start } });
        double expected = Loss(plain, longer);
        Assert.Equal(expected, Loss(prompt, batch), 1e-6);
        Assert.Equal(expected, Loss(prefix, batch), 1e-6);
        Assert.NotEqual(expected, Loss(plain, batch), 1e-3);
    }

    [Fact]
    public void Logits_of_an_evaluation_are_those_of_the_text()
    {
        using TrainableDecoder model = Model(new() { Prompt = new(3) { Start = [1, 2, 3] } }), plain = Model(new TrainingOptions());
        float[] logits = new float[4 * 64], longer = new float[7 * 64];
        using Trainer trainer = new(model, new AdamW(), WarmUpSchedule.Constant(1e-2), new()), other = new(plain, new AdamW(), WarmUpSchedule.Constant(1e-2), new());
        trainer.Evaluate(new(1, 4, [9, 8, 7, 6], [1, 1, 1, 1]), GoldenChecks.Into(logits, 64));
        other.Evaluate(new(1, 7, [1, 2, 3, 9, 8, 7, 6], [1, 1, 1, 1, 1, 1, 1]), GoldenChecks.Into(longer, 64));
        Near.Absolute(longer[(3 * 64)..], logits, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_was_trained_is_loaded_by_name_and_gives_the_same_loss(string way)
    {
        using TrainableDecoder model = Model(Options(way));
        using Trainer trainer = new(model, new AdamW(), WarmUpSchedule.Constant(1e-2), new());
        for (int i = 0; i < 3; i++) trainer.Step(Batch(2, 9));
        Dictionary<string, float[]> stored = trainer.Trained.ToDictionary(parameter => parameter.Name, parameter => parameter.ToArray());
        using TrainableDecoder again = Model(Options(way), stored);
        double trained = Loss(model);
        Assert.Equal(trained, Loss(again));
        using TrainableDecoder start = Model(Options(way));
        Assert.NotEqual(trained, Loss(start), 1e-3);
        stored[stored.Keys.Last()] = [1];
        Refused(stored.Keys.Last(), () => Model(Options(way), stored));
    }

    [Fact]
    public void An_adapter_is_a_bottleneck_before_the_residual_sum()
    {
        using TrainableDecoder model = Model(Options("adapters"));
        Perturb(model.Parameters);
        Batch batch = Batch(1, 4);
        const string Name = "model.layers.1.mlp.adapter";
        float[] Values(string name) => GraphValues.Of(model.Build(1, 4), batch, name);
        double[] Weight(string name) => [.. model.Parameters.Single(parameter => parameter.Name == $"{Name}.{name}").ToArray().Select(value => (double)value)];
        double[] s = [.. Values("model.layers.1.mlp.down_proj").Select(value => (double)value)], low = Product(s, Weight("down.weight"), Weight("down.bias"), 32);
        double[] y = Product([.. low.Select(value => value / (1 + Math.Exp(-value)))], Weight("up.weight"), Weight("up.bias"), 6);
        float[] residual = Values("model.layers.1.self_attn.adapter.sum");
        Near.Absolute([.. y.Select((value, i) => (float)(value + s[i] + residual[i]))], Values($"{Name}.sum"), 1e-5);
    }

    [Fact]
    public void An_encoder_takes_adapters_and_biases()
    {
        using TrainableEncoder model = new(s_encoder, RandomEncoder, new() { Adapters = new(4), BitFit = new(["dense"]) });
        Perturb(model.Parameters);
        Assert.Equal(2 * 11, model.Parameters.Count(parameter => parameter.Trainable) - 1);
        FiniteDifferences.Compare(model.Parameters, model.Build(2, 5), new(2, 5, Batch(2, 5).Tokens, [1, 2]) { Lengths = [5, 3] }, recompute: false);
    }

    [Fact]
    public void A_frozen_model_trains_nothing_at_all()
    {
        using TrainableDecoder model = new(s_shape, DecoderShapes.Random(s_shape, 5), new() { Frozen = true, Lora = new(2, 2, ["q_proj"]), Adapters = new(2), BitFit = new() });
        Assert.Equal(0, ParameterCount.Of(model.Parameters).Trained);
    }

    [Fact]
    public void Options_that_mean_nothing_are_refused()
    {
        Refused("adapters of rank 0", () => Model(new() { Adapters = new(0) }));
        Refused("LoRA of rank -1", () => Model(new() { Lora = new(-1, 1, ["q_proj"]) }));
        Refused("neither attention nor feed-forward", () => Model(new() { Adapters = new(2, false, false) }));
        Refused("a prompt of 0 tokens", () => Model(new() { Prompt = new(0) }));
        Refused("a prefix of -3 tokens", () => Model(new() { Prefix = new(-3) }));
        Refused("a prompt and a prefix", () => Model(new() { Prompt = new(1), Prefix = new(1) }));
        Refused("token 64", () => Model(new() { Prompt = new(1) { Start = [1, 64] } }));
        Refused("empty list", () => Model(new() { Prefix = new(1) { Start = [] } }));
        Refused("of an encoder", () => new TrainableEncoder(s_encoder, RandomEncoder, new() { Prompt = new(1) }));
        Refused("Did you mean 'down_proj'?", () => Model(new() { BitFit = new(["down_prj"]) }));
    }

    private static void Refused(string part, Action action) => Assert.Contains(part, Assert.Throws<EdgeBenchException>(action).Message);

    private static double Loss(TrainableDecoder model) => Loss(model, Batch(2, 9));

    private static double Loss(TrainableDecoder model, Batch batch)
    {
        using Trainer trainer = new(model, new AdamW(), WarmUpSchedule.Constant(1e-2), new());
        (double sum, int targets) = trainer.Evaluate(batch);
        return sum / targets;
    }

    private static TrainingOptions Options(string way) => way switch
    {
        "adapters" => new() { Adapters = new(6) },
        "pfeiffer" => new() { Adapters = new(6, Attention: false) },
        "bitfit" => new() { BitFit = new() },
        "prompt" => new() { Prompt = new(3) },
        "prefix" => new() { Prefix = new(3) },
        _ => new() { BitFit = new(["v_proj", "down_proj"]) },
    };

    private static TrainableDecoder Model(TrainingOptions options, Dictionary<string, float[]>? stored = null)
    {
        Func<string, float[]?> random = DecoderShapes.Random(s_shape, 5);
        return new(s_shape, name => stored?.GetValueOrDefault(name) ?? random(name), options);
    }

    // Away from zeros, where half of the gradients would be zero too.
    private static void Perturb(IReadOnlyList<Parameter> parameters)
    {
        ulong seed = 40;
        foreach (Parameter parameter in parameters.Where(parameter => parameter.Trainable)) new NormalNumbers(seed++).Take((int)parameter.Count, 0.3f).CopyTo(parameter.Values);
    }

    private static double[] Product(double[] x, double[] weight, double[] bias, int inputs)
    {
        double[] y = new double[x.Length / inputs * bias.Length];
        for (int i = 0; i < y.Length; i++)
        {
            (int row, int output) = Math.DivRem(i, bias.Length);
            y[i] = bias[output] + Enumerable.Range(0, inputs).Sum(j => x[(row * inputs) + j] * weight[(output * inputs) + j]);
        }
        return y;
    }

    private static Batch Batch(int sequences, int length)
    {
        Random random = new(3);
        int[] Numbers() => [.. Enumerable.Range(0, sequences * length).Select(_ => random.Next(64))];
        return new(sequences, length, Numbers(), [.. Numbers().Select((target, i) => i % 7 == 3 ? Engine.Training.Batch.Ignored : target)]);
    }

    private static float[]? RandomEncoder(string name)
    {
        if (name.Contains("adapter", StringComparison.Ordinal)) return null;
        int rows = name.Contains("intermediate", StringComparison.Ordinal) ? 64 : name.StartsWith("classifier", StringComparison.Ordinal) ? 3 : name.Contains("word", StringComparison.Ordinal) ? 64
            : name.Contains("position", StringComparison.Ordinal) ? 16 : name.Contains("token_type", StringComparison.Ordinal) ? 2 : 32;
        bool vector = name.EndsWith("bias", StringComparison.Ordinal) || name.Contains("LayerNorm", StringComparison.Ordinal);
        int inputs = vector ? 1 : name.Contains("output.dense", StringComparison.Ordinal) && !name.Contains("attention", StringComparison.Ordinal) ? 64 : 32;
        return [.. new NormalNumbers((ulong)name.Sum(letter => letter * letter)).Take(rows * inputs, vector ? 0.1f : 0.25f).Select(value => name.Contains("LayerNorm.weight", StringComparison.Ordinal) ? 1 + value : value)];
    }
}
