using EdgeBench.Compression.Gptq;
using EdgeBench.Compression.Grids;
using EdgeBench.Compression.Tests.Grids;
using EdgeBench.Core.Problems;

namespace EdgeBench.Compression.Tests.Gptq;

public class GptqTests
{
    private const int Columns = 160;
    private const int Rows = 37;
    private const double Damping = 0.01;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static int[] OrderOf(double[] gram, ColumnOrder order) => order == ColumnOrder.Natural
        ? [.. Enumerable.Range(0, Columns)]
        : [.. Enumerable.Range(0, Columns).OrderByDescending(i => gram[(i * Columns) + i])];

    private static QuantisedMatrix Solve(float[] weights, double[] gram, LevelGrid grid, ScaleRule rule, ColumnOrder order)
    {
        InverseFactor factor = InverseFactor.Of(gram, OrderOf(gram, order), Damping, "test", Cancellation);
        return new GptqSolver(factor, grid, rule, order, Sampled.Diagonal(gram, Columns)).Solve(weights, Rows, Cancellation);
    }

    [Fact]
    public void The_factor_is_a_root_of_the_inverse_in_the_order_of_the_columns()
    {
        double[] gram = Sampled.Gram(Columns, 500, 3);
        int[] order = OrderOf(gram, ColumnOrder.ActivationStatic);
        InverseFactor factor = InverseFactor.Of(gram, order, Damping, "test", Cancellation);
        double mean = Sampled.Diagonal(gram, Columns).Average(x => (double)x);
        // Uᵀ U (H + λI) = I, with U[j, l] = Transposed[l, j].
        double[,] product = new double[Columns, Columns];
        for (int a = 0; a < Columns; a++)
        {
            double[] row = new double[Columns];
            for (int b = 0; b < Columns; b++)
            {
                for (int j = 0; j <= Math.Min(a, b); j++) row[b] += (double)factor.Transposed[(a * Columns) + j] * factor.Transposed[(b * Columns) + j];
            }
            for (int c = 0; c < Columns; c++)
            {
                for (int b = 0; b < Columns; b++) product[a, c] += row[b] * (gram[(order[b] * Columns) + order[c]] + (b == c ? Damping * mean : 0));
                Assert.Equal(a == c ? 1 : 0, product[a, c], 0.002);
            }
        }
    }

    [Theory]
    [InlineData(ColumnOrder.Natural, "q4_0")]
    [InlineData(ColumnOrder.Natural, "q4_1")]
    [InlineData(ColumnOrder.ActivationStatic, "q4_0")]
    [InlineData(ColumnOrder.ActivationStatic, "q5_1")]
    [InlineData(ColumnOrder.ActivationRegrouped, "q4_1")]
    public void Levels_are_those_of_the_textbook(ColumnOrder order, string name)
    {
        LevelGrid grid = LevelGrid.Of(Enum.Parse<Models.Gguf.GgmlType>(name, ignoreCase: true))!;
        double[] gram = Sampled.Gram(Columns, 500, 5);
        float[] weights = Sampled.Normal(Rows * Columns, 7);
        QuantisedMatrix solved = Solve(weights, gram, grid, ScaleRule.Range, order);

        int[] columnOrder = OrderOf(gram, order), step = new int[Columns];
        for (int i = 0; i < Columns; i++) step[columnOrder[i]] = i;
        Dictionary<(int, int), GroupScale> chosen = [];
        float[] expected = TextbookGptq.Solve(weights, Columns, gram, Damping, columnOrder, grid, (row, column, current) =>
        {
            int group = order == ColumnOrder.ActivationRegrouped ? step[column] / 32 : column / 32;
            if (chosen.TryGetValue((row, group), out GroupScale known)) return known;
            float[] values = order switch
            {
                ColumnOrder.ActivationStatic => weights.AsSpan((row * Columns) + (group * 32), 32).ToArray(),
                ColumnOrder.ActivationRegrouped => [.. columnOrder.AsSpan(group * 32, 32).ToArray().Select(c => (float)current[c])],
                _ => [.. current.Skip(group * 32).Take(32).Select(value => (float)value)],
            };
            return chosen[(row, group)] = RangeFit.Of(grid, values);
        });
        float[] values = solved.Dequantise();
        // A near-tie may fall to the other side in float32, and the rest of its row then differs.
        int same = Enumerable.Range(0, Rows).Count(row => values.AsSpan(row * Columns, Columns).SequenceEqual(expected.AsSpan(row * Columns, Columns)));
        Assert.True(same >= Rows - 4, $"{same} of {Rows} rows equal the textbook's");
        double ours = Sampled.OutputError(weights, values, gram, Columns), theirs = Sampled.OutputError(weights, expected, gram, Columns);
        Assert.InRange(ours / theirs, 0.98, 1.02);
    }

    [Fact]
    public void Independent_inputs_leave_nothing_to_make_up_for()
    {
        double[] gram = new double[Columns * Columns];
        float[] weights = Sampled.Normal(Rows * Columns, 7);
        for (int i = 0; i < Columns; i++) gram[(i * Columns) + i] = 1 + i;
        foreach (ColumnOrder order in new[] { ColumnOrder.Natural, ColumnOrder.ActivationStatic })
        {
            QuantisedMatrix nearest = NearestRounding.Round(LevelGrid.Q4_1, weights, Rows, ScaleRule.Search, Sampled.Diagonal(gram, Columns), Cancellation);
            QuantisedMatrix solved = Solve(weights, gram, LevelGrid.Q4_1, ScaleRule.Search, order);
            Assert.Equal(nearest.Levels, solved.Levels);
            Assert.Equal(nearest.Scales, solved.Scales);
        }
    }

    [Theory]
    [InlineData(ColumnOrder.Natural)]
    [InlineData(ColumnOrder.ActivationStatic)]
    public void Correlated_inputs_lose_less_than_half_of_what_rounding_loses(ColumnOrder order)
    {
        double[] gram = Sampled.Gram(Columns, 500, 11);
        float[] weights = Sampled.Normal(Rows * Columns, 13), importance = Sampled.Diagonal(gram, Columns);
        QuantisedMatrix nearest = NearestRounding.Round(LevelGrid.Q4_0, weights, Rows, ScaleRule.Range, importance, Cancellation);
        QuantisedMatrix solved = Solve(weights, gram, LevelGrid.Q4_0, ScaleRule.Range, order);
        double rounding = Sampled.OutputError(weights, nearest.Dequantise(), gram, Columns), ours = Sampled.OutputError(weights, solved.Dequantise(), gram, Columns);
        Assert.True(ours < 0.5 * rounding, $"{ours} against {rounding}");
    }

    [Fact]
    public void A_scale_for_a_whole_row_is_chosen_before_the_first_column()
    {
        double[] gram = Sampled.Gram(Columns, 500, 17);
        float[] weights = Sampled.Normal(Rows * Columns, 19);
        QuantisedMatrix solved = Solve(weights, gram, LevelGrid.Int8Rows, ScaleRule.Range, ColumnOrder.Natural);
        Assert.Equal(Rows, solved.Scales.Length);
        Assert.All(Enumerable.Range(0, Rows), row =>
            Assert.Equal(weights.AsSpan(row * Columns, Columns).ToArray().Max(Math.Abs) / 127, solved.Scales[row].Scale, 1e-6f));
    }

    [Fact]
    public void Inputs_that_are_all_zero_or_not_finite_are_refused_by_name()
    {
        foreach (double fill in new[] { 0, double.NaN })
        {
            double[] gram = [.. Enumerable.Repeat(fill, Columns * Columns)];
            EdgeBenchException problem = Assert.Throws<EdgeBenchException>(
                () => InverseFactor.Of(gram, OrderOf(gram, ColumnOrder.Natural), Damping, "blk.3.attn_q", Cancellation));
            Assert.Contains("blk.3.attn_q", problem.Message, StringComparison.Ordinal);
        }
    }
}
