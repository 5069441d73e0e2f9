using System.Text.RegularExpressions;
using EdgeBench.Models.Tokenizers.Unicode;

namespace EdgeBench.Models.Tests.Tokenizers;

public class UnicodeTests
{
    [Theory]
    [InlineData("e\u0301", "\u00E9", "e\u0301")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C", "\u1112\u1161\u11AB")]
    [InlineData("\u0323\u0307q", "\u0323\u0307q", "\u0323\u0307q")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307", "q\u0323\u0307")]
    [InlineData("\u212B", "\u00C5", "A\u030A")]
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C")]
    public void Canonical_forms_are_those_of_the_standard_s_examples(string text, string composed, string decomposed)
    {
        Assert.Equal(composed, Normalizer.Compose(text, compatibility: false));
        Assert.Equal(decomposed, Normalizer.Decompose(text, compatibility: false));
    }

    [Fact]
    public void Compatibility_forms_take_ligatures_and_widths_apart() => Assert.Equal("fi1A", Normalizer.Compose("\uFB01\u2460\uFF21", compatibility: true));

    [Fact]
    public void First_parts_of_decompositions_equal_llama_cpp_s_table()
    {
        string source = File.ReadAllText(LlamaSource.File("src/unicode-data.cpp"));
        string table = source[source.IndexOf("unicode_ranges_nfd =", StringComparison.Ordinal)..];
        int rows = 0;
        foreach (Match row in Regex.Matches(table, @"\{0x([0-9A-F]+), 0x([0-9A-F]+), 0x([0-9A-F]+)\}"))
        {
            int[] numbers = [.. Enumerable.Range(1, 3).Select(group => Convert.ToInt32(row.Groups[group].Value, 16))];
            for (int point = numbers[0]; point <= numbers[1]; point++) Assert.Equal(numbers[2], Normalizer.FirstOfDecomposition(point));
            rows++;
        }
        Assert.True(rows > 1000);
    }
}
