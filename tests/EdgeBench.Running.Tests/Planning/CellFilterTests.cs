using CsCheck;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Planning;

namespace EdgeBench.Running.Tests.Planning;

public class CellFilterTests
{
    private static readonly Cell[] s_cells = [.. Benches.Cells(Benches.Of(2, 3, 2, 1, 4))];

    private static readonly string[] s_terms =
        ["model=m0", "recipe=r*", "recipe!=r1", "backend=b?", "threads=2", "test=pp*", "workload=w1", "m0/*", "*/w2*", "device=nothing"];

    private static readonly Gen<string> s_term = Gen.Int[0, s_terms.Length - 1].Select(i => s_terms[i]);

    private static readonly Gen<string> s_expression = Gen.Recursive<string>((depth, self) => depth > 3
        ? s_term
        : Gen.OneOf(s_term, self.Select(e => $"not ({e})"), Gen.Select(self, self, (a, b) => $"({a} or {b})"), Gen.Select(self, self, (a, b) => $"({a}), {b}")));

    [Theory]
    [InlineData("model=m1", 24)]
    [InlineData("model=m1, recipe=r0", 8)]
    [InlineData("model=m1 and recipe!=r0", 16)]
    [InlineData("recipe=r0 or recipe=r1 and model=m0", 24)]
    [InlineData("not (recipe=r0 or recipe=r1)", 16)]
    [InlineData("threads=2", 24)]
    [InlineData("test=pp0", 12)]
    [InlineData("workload=w1", 12)]
    [InlineData("workload=w1[threads=2,pp1]", 12)]
    [InlineData("workload='w1[threads=2,pp1]'", 12)]
    [InlineData("m0/r0/*", 8)]
    [InlineData("m0", 0)]
    [InlineData("*", 48)]
    public void A_filter_selects(string expression, int count)
    {
        CellFilter filter = CellFilter.Parse(expression);
        Assert.Equal(count, s_cells.Count(filter.Matches));
    }

    [Theory]
    [InlineData("modle=x", "column 1", "Did you mean 'model'?")]
    [InlineData("recipe=a recipe=b", "column 10", "'and', ','")]
    [InlineData("recipe=", "column 8", "the filter ends here")]
    [InlineData("", "column 1", "a term such as")]
    [InlineData("(recipe=a", "column 10", "')'")]
    [InlineData("recipe=a)", "column 9", "')'")]
    [InlineData("recipe=a or", "column 12", "a term such as")]
    [InlineData("threads=two", "column 9", "a whole number")]
    [InlineData("recipe='a", "column 8", "unclosed")]
    [InlineData("recipe=a[b", "column 8", "unclosed")]
    public void A_wrong_filter_is_refused_at_its_column(string expression, string column, string words)
    {
        EdgeBenchException refused = Assert.Throws<EdgeBenchException>(() => CellFilter.Parse(expression));
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Equal(column, Assert.Single(refused.Problems).Path);
        Assert.Contains(words, refused.Message);
    }

    [Fact]
    public void Deep_and_long_filters_are_refused()
    {
        Assert.Throws<EdgeBenchException>(() => CellFilter.Parse(new string('(', 2000)));
        Assert.Throws<EdgeBenchException>(() => CellFilter.Parse(string.Concat(Enumerable.Repeat("not ", 1000)) + "a"));
        Assert.Throws<EdgeBenchException>(() => CellFilter.Parse(new string('a', 5000)));
    }

    [Fact]
    public void Filters_obey_boolean_algebra() => Gen.Select(s_expression, s_expression).Sample((a, b) =>
    {
        foreach (Cell cell in s_cells)
        {
            bool inA = CellFilter.Parse(a).Matches(cell), inB = CellFilter.Parse(b).Matches(cell);
            Assert.Equal(!inA, CellFilter.Parse($"not ({a})").Matches(cell));
            Assert.Equal(inA && inB, CellFilter.Parse($"({a}) and ({b})").Matches(cell));
            Assert.Equal(inA || inB, CellFilter.Parse($"({a}) or ({b})").Matches(cell));
            Assert.Equal(!(inA || inB), CellFilter.Parse($"not ({a}), not ({b})").Matches(cell));
        }
    }, iter: 200);

    [Fact]
    public void Any_text_is_a_filter_or_refused_as_bad_input() => Gen.String[Gen.Char["amodel=!,()[]'\" ortn*?\\\0é"], 0, 30].Sample(text =>
    {
        try
        {
            CellFilter filter = CellFilter.Parse(text);
            Assert.All(s_cells[..2], cell => filter.Matches(cell));
        }
        catch (EdgeBenchException refused)
        {
            Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        }
    }, iter: 5_000);
}
