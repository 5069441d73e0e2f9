using System.Diagnostics;
using System.Text;
using CsCheck;
using EdgeBench.Core.Problems;
using static EdgeBench.Running.Tests.Configuration.FakeVocabulary;

namespace EdgeBench.Running.Tests.Configuration;

public class HostileYamlTests
{
    private static readonly string[] s_pieces =
        ["\n", "\n  ", ": ", "- ", "? ", "[", "]", "{", "}", "&a ", "*a", "<<", "!!str ", "!x ", "|", ">", "'", "\"", "#", "%YAML 1.2\n", "---\n", "...\n", ",", "\t", "~",
            "name", "models", "ref", "recipes", "ptq", "1e400", "0x", "\u2028", "\uD800", "\\"];

    [Fact]
    public void A_billion_laughs_is_refused_at_the_bound()
    {
        StringBuilder bomb = new("x-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int i = 1; i < 10; i++) bomb.Append($"x-{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n");
        Refused("100,000 values", bomb + Minimal);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    [InlineData('-')]
    [InlineData('?')]
    public void Deep_nesting_is_refused_at_the_bound(char open)
    {
        Stopwatch clock = Stopwatch.StartNew();
        Refused("64 levels", "x-a: \n  " + string.Concat(Enumerable.Repeat(open is '-' or '?' ? $"{open} " : open.ToString(), 1_000_000)));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Nesting_through_aliases_counts_too()
    {
        StringBuilder chain = new("x-0: &a0 [1]\n");
        for (int i = 1; i < 100; i++) chain.Append($"x-{i}: &a{i} [*a{i - 1}]\n");
        Refused("64 levels", chain + Minimal);
    }

    [Fact]
    public void A_second_document_is_refused() => Refused("a second document", Minimal + "\n---\nname: other\n");

    [Fact]
    public void A_large_text_is_refused() => Refused("over 4 MiB", "# " + new string('x', 5_000_000));

    [Fact]
    public void An_anchor_may_serve_twice_and_an_override_changes_one_use_only()
    {
        string text = Minimal.Replace("{ fp16: [] }", "{ a: &p [{ ptq: { weights: q8_0 } }], b: *p }");
        Assert.Equal("""["q8_0","q4_0"]""", Weights(text, "recipes.b[0].ptq.weights=q4_0"));
        Assert.Equal("""["q8_0","q8_0"]""", Weights(text));
    }

    [Fact]
    public void Any_sequence_of_yaml_pieces_is_read_or_refused_as_bad_input() =>
        Gen.Int[0, s_pieces.Length - 1].Select(i => s_pieces[i]).Array[0, 40].Select(string.Concat).Sample(ReadsOrRefuses, iter: 20_000);

    [Fact]
    public void A_file_cut_or_changed_anywhere_is_read_or_refused_as_bad_input() =>
        Gen.Select(Gen.Int[0, Minimal.Length - 1], Gen.Int[0, 12], Gen.Int[0, s_pieces.Length - 1].Select(i => s_pieces[i]))
            .Select((at, cut, piece) => Minimal[..at] + piece + Minimal[Math.Min(at + cut, Minimal.Length)..])
            .Sample(ReadsOrRefuses, iter: 5_000);

    private static void ReadsOrRefuses(string text)
    {
        try
        {
            Assert.NotEmpty(Parse(text).Models);
        }
        catch (EdgeBenchException refused)
        {
            Assert.Equal(ExitCode.BadInput, refused.ExitCode);
            Assert.All(refused.Problems, problem => Assert.Equal("bench.yaml", problem.File));
        }
    }

    private static void Refused(string expected, string text) => Assert.Contains(expected, string.Join('\n', ProblemsOf(text)));

    private static string Weights(string text, params string[] overrides) =>
        "[" + string.Join(',', Parse(text, overrides).Recipes.Select(recipe => recipe.Passes[0].Parameters.GetProperty("weights").GetRawText())) + "]";
}
