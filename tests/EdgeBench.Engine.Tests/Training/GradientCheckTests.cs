using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Operations;

namespace EdgeBench.Engine.Tests.Training;

/// <summary>The derivative of every operation against finite differences of its own forward pass, for what is before it and for its parameters.</summary>
public class GradientCheckTests
{
    private const int Sequences = 2, Length = 5, Rows = Sequences * Length;

    [Fact]
    public void Linear_with_bias_and_residual() => Check((graph, x) =>
    {
        Tensor y = graph.Add(new LinearOperation("a", x[0], x[1], x[2]));
        return graph.Add(new LinearOperation("b", y, x[3], x[4], x[0]));
    }, ("x", [Rows, 7]), ("w", [9, 7]), ("bias", [9]), ("w2", [7, 9]), ("bias2", [7]));

    [Fact]
    public void Linear_with_a_residual_that_is_read_again() => Check((graph, x) =>
    {
        Tensor y = graph.Add(new LinearOperation("a", x[0], x[1], residual: x[0]));
        return graph.Add(new LinearOperation("b", x[0], x[1], residual: y));
    }, ("x", [Rows, 7]), ("w", [7, 7]));

    [Fact]
    public void A_residual_sum_whose_parts_are_read_elsewhere_too() => Check((graph, x) =>
    {
        Tensor y = graph.Add(new LinearOperation("a", x[0], x[1])), sum = graph.Add(new SumOperation("s", x[0], y));
        return graph.Add(new SumOperation("t", graph.Add(new SumOperation("u", y, sum)), sum));
    }, ("x", [Rows, 7]), ("w", [7, 7]));

    [Fact]
    public void Rms_norm() => Check((graph, x) => graph.Add(new RmsNormOperation("n", x[0], x[1], 1e-2)), ("x", [Rows, 21]), ("gain", [21]));

    [Fact]
    public void Rms_norm_of_heads() => Check((graph, x) => graph.Add(new RmsNormOperation("n", x[0], x[1], 1e-2)), ("x", [Rows, 24]), ("gain", [8]));

    [Fact]
    public void Layer_norm() => Check((graph, x) => graph.Add(new LayerNormOperation("n", x[0], x[1], x[2], 1e-2)), ("x", [Rows, 21]), ("gain", [21]), ("bias", [21]));

    [Fact]
    public void Rotary() => Check((graph, x) => graph.Add(new RotaryOperation("r", x[0], 6, Length, new RotaryAngles(new(false, 6, 100), Length))), ("x", [Rows, 18]));

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(false, new[] { 5, 3 })]
    public void Attention_with_grouped_heads(bool causal, int[]? lengths) =>
        Check((graph, x) => graph.Add(new AttentionOperation("a", x[0], x[1], x[2], new(4, 2, 6, causal), Sequences)), lengths, ("q", [Rows, 24]), ("k", [Rows, 12]), ("v", [Rows, 12]));

    [Fact]
    public void Attention_over_several_blocks_of_queries() =>
        Check((graph, x) => graph.Add(new AttentionOperation("a", x[0], x[1], x[2], new(2, 1, 4, true), 1)), ("q", [101, 8]), ("k", [101, 4]), ("v", [101, 4]));

    [Fact]
    public void SwiGlu() => Check((graph, x) => graph.Add(new SwiGluOperation("s", x[0], x[1])), ("gate", [Rows, 19]), ("up", [Rows, 19]));

    [Theory]
    [InlineData(UnaryKind.Gelu)]
    [InlineData(UnaryKind.Tanh)]
    [InlineData(UnaryKind.Silu)]
    public void Unary(UnaryKind kind) => Check((graph, x) => graph.Add(new UnaryOperation("u", kind, x[0])), ("x", [Rows, 19]));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    public void Some_rows(int first, int count) => Check((graph, x) => graph.Add(new RowsOperation("f", x[0], Sequences, first, count)), ("x", [Rows, 9]));

    [Fact]
    public void Some_rows_of_what_is_read_again() => Check((graph, x) =>
    {
        Tensor some = graph.Add(new RowsOperation("f", x[0], Sequences, 1, 2)), others = graph.Add(new RowsOperation("g", x[0], Sequences, 2, 2));
        return graph.Add(new SumOperation("s", some, others));
    }, ("x", [Rows, 9]));

    [Fact]
    public void Rows_before_each_sequence() => Check((graph, x) =>
    {
        Tensor y = graph.Add(new PrependOperation("p", x[0], x[1], Sequences)), other = graph.Add(new RowsOperation("r", y, Sequences, 1, Length));
        return graph.Add(new PrependOperation("q", graph.Add(new SumOperation("s", x[0], other)), x[1], Sequences));
    }, ("x", [Rows, 9]), ("rows", [3, 9]));

    [Fact]
    public void Rotary_from_a_later_position_on() => Check((graph, x) => graph.Add(new RotaryOperation("r", x[0], 6, Length, new RotaryAngles(new(false, 6, 100), 3 + Length), first: 3)), ("x", [Rows, 18]));

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, new[] { 5, 3 })]
    public void Attention_over_a_prefix(bool causal, int[]? lengths) =>
        Check((graph, x) => graph.Add(new AttentionOperation("a", x[0], x[1], x[2], new(4, 2, 6, causal), Sequences)), lengths, ("q", [Rows, 24]), ("k", [Rows + (2 * 3), 12]), ("v", [Rows + (2 * 3), 12]));

    [Fact]
    public void Attention_of_several_blocks_of_queries_over_a_prefix() =>
        Check((graph, x) => graph.Add(new AttentionOperation("a", x[0], x[1], x[2], new(2, 1, 4, true), 1)), ("q", [101, 8]), ("k", [108, 4]), ("v", [108, 4]));

    [Fact]
    public void Lora() => Check((graph, x) => graph.Add(new LoraOperation("l", graph.Add(new LinearOperation("y", x[0], x[1])), x[0], x[2], x[3], 6)),
        ("x", [Rows, 9]), ("w", [11, 9]), ("a", [3, 9]), ("b", [11, 3]));

    [Fact]
    public void Dropout() => Check((graph, x) => graph.Add(new DropoutOperation("d", x[0], 0.4f, 0)), ("x", [Rows, 9]));

    [Fact]
    public void Embeddings_of_tokens_positions_and_types() => Check(
        (graph, x) => graph.Add(new EmbeddingOperation("e", Rows, (EmbeddingIndex.Token, (Parameter)x[0]), (EmbeddingIndex.Position, (Parameter)x[1]), (EmbeddingIndex.Type, (Parameter)x[2]))),
        ("tokens", [6, 9]), ("positions", [Length, 9]), ("types", [2, 9]));

    [Fact]
    public void Head_and_cross_entropy_mixed_with_a_teachers_probabilities() =>
        CheckLoss((graph, x) => graph.Add(new LinearCrossEntropyOperation("loss", x[0], x[1], x[2], new(new(Numbers.Parameter("h", [Rows, 5], 70, false), Numbers.Parameter("head", [13, 5], 71, false)), 0.7f, 1.6f))),
            null, ("x", [Rows, 9]), ("w", [13, 9]), ("bias", [13]));

    [Fact]
    public void Head_with_bias_and_cross_entropy() =>
        CheckLoss((graph, x) => graph.Add(new LinearCrossEntropyOperation("loss", x[0], x[1], x[2])), null, ("x", [Rows, 9]), ("w", [13, 9]), ("bias", [13]));

    private static void Check(Func<Graph, Tensor[], Tensor> build, params (string Name, int[] Shape)[] shapes) => Check(build, null, shapes);

    // The loss is the squared distance to a fixed random target: its slope differs in every element.
    private static void Check(Func<Graph, Tensor[], Tensor> build, int[]? lengths, params (string Name, int[] Shape)[] shapes) => CheckLoss((graph, x) =>
    {
        Tensor y = build(graph, x);
        return graph.Add(new SquaredErrorOperation("loss", y, Numbers.Parameter("target", [y.Rows, y.Columns], 99, trainable: false)));
    }, lengths, shapes);

    private static void CheckLoss(Func<Graph, Tensor[], Tensor> build, int[]? lengths, params (string Name, int[] Shape)[] shapes)
    {
        Parameter[] inputs = [.. shapes.Select((shape, i) => Numbers.Parameter(shape.Name, shape.Shape, i + 1, trainable: true))];
        Graph graph = new();
        build(graph, inputs);
        int[] tokens = [3, 1, 5, 1, 0, 2, 2, 1, 3, 5], types = [0, 1, 1, 0, 1, 0, 0, 0, 1, 1], targets = [4, 12, Batch.Ignored, 0, 7, 7, 1, Batch.Ignored, 2, 3];
        using RunningGraph running = new(graph, new(Sequences, Length, tokens, targets) { Types = types, Lengths = lengths });
        running.Run();
        float[][] gradients = [.. inputs.Select(input => input.Gradients.ToArray())];
        for (int i = 0; i < inputs.Length; i++) FiniteDifferences.Compare(inputs[i], gradients[i], running);
    }
}
