using EdgeBench.Core.Problems;

namespace EdgeBench.Core.Tests;

public class NearestTests
{
    private static readonly string[] s_names = ["perplexity", "single-stream", "q4_0", "q8_0"];

    [Theory]
    [InlineData("perplexty", "perplexity")]
    [InlineData("singel-stream", "single-stream")]
    [InlineData("Q4_0", "q4_0")]
    public void A_slip_of_the_hand_finds_its_name(string given, string expected) => Assert.Equal(expected, Nearest.To(given, s_names));

    [Theory]
    [InlineData("gptq")]
    [InlineData("")]
    public void A_different_word_finds_nothing(string given) => Assert.Null(Nearest.To(given, s_names));
}
