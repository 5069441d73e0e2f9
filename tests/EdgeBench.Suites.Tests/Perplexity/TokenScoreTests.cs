using CsCheck;
using EdgeBench.Suites.Perplexity;

namespace EdgeBench.Suites.Tests.Perplexity;

public class TokenScoreTests
{
    private static readonly Gen<float[]> s_logits = Gen.Float[-40, 40].Array[1, 3000];

    [Fact]
    public void Equal_logits_share_the_probability() => Assert.Equal(3 + Math.Log(5), new TokenScore().LogPartition([3, 3, 3, 3, 3]), 15);

    [Fact]
    public void A_divergence_worked_out_by_hand_comes_out()
    {
        // p = (1/4, 3/4), q = (1/2, 1/2): 1/4 ln(1/2) + 3/4 ln(3/2).
        float[] p = [0, MathF.Log(3)], q = [1, 1];
        Assert.Equal(0.25 * Math.Log(0.5) + 0.75 * Math.Log(1.5), Divergence(p, q), 6);
    }

    [Fact]
    public void The_partition_agrees_with_plain_sums_at_any_length() => s_logits.Sample(logits =>
    {
        double max = logits.Max();
        Assert.Equal(max + Math.Log(logits.Sum(x => Math.Exp(x - max))), new TokenScore().LogPartition(logits), 10);
    });

    [Fact]
    public void The_divergence_agrees_with_its_definition_and_is_zero_only_for_equal_distributions() =>
        Gen.Select(s_logits, Gen.Int).Sample((p, seed) =>
        {
            Random random = new(seed);
            float[] q = [.. p.Select(x => x + (float)(random.NextDouble() - 0.5))];
            double zp = Plain(p), zq = Plain(q), expected = p.Zip(q).Sum(pair => Math.Exp(pair.First - zp) * (pair.First - zp - (pair.Second - zq)));
            Assert.Equal(Math.Max(0, expected), Divergence(p, q), 10);
            Assert.Equal(0, Divergence(p, p), 12);
        });

    [Fact]
    public void A_constant_added_to_all_logits_changes_nothing() => Gen.Select(s_logits, Gen.Int[-8, 8]).Sample((p, shift) =>
    {
        float[] halves = [.. p.Select(x => MathF.Round(x * 16) / 16)], shifted = [.. halves.Select(x => x + shift)];
        Assert.Equal(0, Divergence(halves, shifted), 11);
    });

    [Fact]
    public void The_first_of_equal_logits_is_the_best() => Assert.Equal(1, TokenScore.Best([0, 2, 2, 1]));

    // Properties are tried on several threads, and an instance belongs to one.
    private static double Divergence(float[] p, float[] q)
    {
        TokenScore score = new();
        return score.Divergence(p, score.LogPartition(p), q, score.LogPartition(q));
    }

    private static double Plain(float[] logits)
    {
        double max = logits.Max();
        return max + Math.Log(logits.Sum(x => Math.Exp(x - max)));
    }
}
