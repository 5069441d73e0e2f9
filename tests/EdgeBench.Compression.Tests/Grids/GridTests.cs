using CsCheck;
using EdgeBench.Compression.Grids;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Tests.Grids;

public class GridTests
{
    public static TheoryData<string> Stored => ["q4_0", "q4_1", "q5_0", "q5_1", "q8_0"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static LevelGrid Named(string name) => LevelGrid.Of(Enum.Parse<GgmlType>(name, ignoreCase: true))!;

    [Theory]
    [MemberData(nameof(Stored))]
    public void Packed_blocks_decode_to_exactly_the_values_of_the_grid(string name) =>
        Gen.Select(Gen.Int[0, 100_000], Gen.Float[-6, 4], Gen.Bool).Sample((seed, size, search) =>
        {
            float[] weights = Sampled.Normal(8 * 64, seed, MathF.Pow(10, size));
            float[] importance = [.. Enumerable.Repeat(1f, 64)];
            QuantisedMatrix matrix = NearestRounding.Round(Named(name), weights, 8, search ? ScaleRule.Search : ScaleRule.Range, importance, Cancellation);
            float[] decoded = new float[weights.Length];
            TensorCodec.Decode(matrix.Grid.Stored!.Value, BlockPacker.Pack(matrix), decoded);
            Assert.Equal(matrix.Dequantise(), decoded);
        }, iter: 200);

    [Theory]
    [MemberData(nameof(Stored))]
    public void Rounding_to_the_range_gives_the_bytes_of_the_format_s_own_quantiser(string name)
    {
        float[] weights = Sampled.Normal(64 * 96, 3);
        QuantisedMatrix matrix = NearestRounding.Round(Named(name), weights, 64, ScaleRule.Range, default, Cancellation);
        byte[] expected = new byte[BlockPacker.Pack(matrix).Length];
        TensorCodec.Encode(matrix.Grid.Stored!.Value, weights, expected);
        Assert.Equal(expected, BlockPacker.Pack(matrix));
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void Rounding_to_the_range_is_as_near_as_the_format_allows(string name)
    {
        float[] weights = Sampled.Normal(16 * 96, 1);
        QuantisedMatrix matrix = NearestRounding.Round(Named(name), weights, 16, ScaleRule.Range, default, Cancellation);
        float[] values = matrix.Dequantise();
        // Levels are those of the scale in float32; storing it in float16 moves each end by up to 2^-11 of the range.
        float nearest = 0.5001f + (matrix.Grid.Steps / 2048f);
        for (int i = 0; i < weights.Length; i++)
        {
            GroupScale scale = matrix.Scales[i / 32];
            // A symmetric grid of 2^b levels clips the end that has one level less.
            bool clipped = matrix.Levels[i] == matrix.Grid.Highest || matrix.Levels[i] == matrix.Grid.Lowest;
            Assert.True(Math.Abs(values[i] - weights[i]) <= Math.Abs(scale.Scale) * (clipped ? 1.02f : nearest));
        }
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void Searching_never_gives_a_larger_weighted_error_than_the_range(string name)
    {
        LevelGrid grid = Named(name);
        double range = 0, search = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            float[] values = Sampled.Normal(32, seed), weights = [.. Sampled.Normal(32, seed + 1000).Select(w => w * w)];
            float before = LeastSquares.Error(values, weights, RangeFit.Of(grid, values), grid.Lowest, grid.Highest);
            float after = LeastSquares.Error(values, weights, SearchFit.Of(grid, values, weights), grid.Lowest, grid.Highest);
            Assert.True(after <= before);
            (range, search) = (range + before, search + after);
        }
        Assert.True(search < 0.95 * range, $"{search} against {range}");
    }

    [Fact]
    public void An_integer_zero_is_a_float16_minimum_and_zero_is_on_the_grid() =>
        Gen.Select(Gen.Int[0, 100_000], Gen.Float[-5, 3], Gen.Bool).Sample((seed, size, search) =>
        {
            LevelGrid grid = LevelGrid.Q4_1 with { IntegerZero = true };
            float[] weights = Sampled.Normal(4 * 32, seed, MathF.Pow(10, size)), importance = [.. Enumerable.Repeat(1f, 32)];
            QuantisedMatrix matrix = NearestRounding.Round(grid, weights, 4, search ? ScaleRule.Search : ScaleRule.Range, importance, Cancellation);
            foreach (GroupScale scale in matrix.Scales)
            {
                Assert.Equal(scale.Scale, (float)(Half)scale.Scale);
                Assert.Equal(scale.Offset, (float)(Half)scale.Offset);
                float zero = -scale.Offset / scale.Scale;
                Assert.Equal(MathF.Round(zero), zero);
                Assert.InRange(zero, 0, 15);
            }
        }, iter: 300);

    [Theory]
    [MemberData(nameof(Stored))]
    public void Groups_of_zeros_stay_zero(string name)
    {
        QuantisedMatrix matrix = NearestRounding.Round(Named(name), new float[64], 1, ScaleRule.Search, Enumerable.Repeat(1f, 64).ToArray(), Cancellation);
        Assert.All(matrix.Dequantise(), value => Assert.Equal(0, value));
    }
}
