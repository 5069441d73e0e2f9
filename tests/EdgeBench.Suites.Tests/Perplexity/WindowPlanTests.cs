using CsCheck;
using EdgeBench.Core.Backends;
using EdgeBench.Suites.Perplexity;

namespace EdgeBench.Suites.Tests.Perplexity;

public class WindowPlanTests
{
    [Fact]
    public void A_window_of_512_scores_255_tokens_as_llama_cpp_does()
    {
        WindowPlan plan = WindowPlan.Of(16_500, 512, 0, ScoredPart.SecondHalf);
        Assert.Equal(32, plan.Windows);
        Assert.Equal(256, plan.First);
        Assert.Equal(255, plan.ScoredPerWindow);
        Assert.Equal(116, plan.LeftOver);
    }

    [Fact]
    public void All_of_a_window_is_511_predictions() => Assert.Equal(511, WindowPlan.Of(2000, 512, 0, ScoredPart.All).ScoredPerWindow);

    [Fact]
    public void A_short_text_is_told_how_many_tokens_it_lacks()
    {
        TrialException exception = Assert.Throws<TrialException>(() => WindowPlan.Of(1023, 512, 0, ScoredPart.SecondHalf));
        Assert.Contains("1023 tokens", exception.Message);
        Assert.Contains("at least 1024", exception.Message);
    }

    [Theory]
    [InlineData(16_383, 1, false)]
    [InlineData(16_384, 1, true)]
    [InlineData(4_107, 4, false)]
    [InlineData(4_108, 4, true)]
    public void More_readings_than_a_trial_can_return_are_refused_before_scoring(int windows, int readings, bool refused)
    {
        // 255 scored positions a window: 16,383 × (255 + 1) = 4,194,048 and 4,107 × (4 × 255 + 1) = 4,193,247 fit below 4,194,304 - 64.
        WindowPlan plan = WindowPlan.Of(512 * windows, 512, 0, ScoredPart.SecondHalf);
        TrialException? exception = (TrialException?)Record.Exception(() => plan.CheckFits(readings));
        Assert.Equal(refused, exception is not null);
        if (refused) Assert.Equal($"Set 'chunks' to at most {windows - 1}.", exception!.Failure.Remedy);
    }

    [Fact]
    public void Scored_windows_and_what_is_left_make_up_the_text() =>
        Gen.Select(Gen.Int[4, 600], Gen.Int[0, 40], Gen.Int[0, 5000]).Sample((length, chunks, more) =>
        {
            WindowPlan plan = WindowPlan.Of(2 * length + more, length, chunks, ScoredPart.SecondHalf);
            Assert.Equal(2 * length + more, plan.Windows * length + plan.LeftOver);
            Assert.True(plan.Windows >= 1 && plan.LeftOver >= 0 && (chunks == 0 || plan.Windows <= chunks));
            if (chunks == 0) Assert.InRange(plan.LeftOver, 0, length - 1);
        });
}
