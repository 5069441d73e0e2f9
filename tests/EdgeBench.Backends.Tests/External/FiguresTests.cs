using System.Text.Json;
using CsCheck;
using EdgeBench.Backends.External;
using EdgeBench.Backends.External.Figures;

namespace EdgeBench.Backends.Tests.External;

public class FiguresTests
{
    [Theory]
    [InlineData("us", "ms", 0.001)]
    [InlineData("s", "ms", 1000.0)]
    [InlineData("KB", "B", 1000.0)]
    [InlineData("KiB", "B", 1024.0)]
    [InlineData("tok/s", "tok/s", 1.0)]
    public void A_unit_becomes_the_metrics(string from, string to, double factor) => Assert.Equal(factor, Units.Factor(from, to)!.Value, 15);

    [Theory]
    [InlineData("ms", "tok/s")]
    [InlineData("tok/s", "ms")]
    [InlineData("furlong", "ms")]
    [InlineData("MS", "ms")]
    public void A_unit_of_something_else_does_not(string from, string to) => Assert.Null(Units.Factor(from, to));

    [Fact]
    public void A_path_finds_what_was_put_there()
    {
        Gen<object> step = Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 1, 5].Select(name => (object)name), Gen.Int[0, 3].Select(index => (object)index));
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 5], step.Array[0, 6], Gen.Double[1e-9, 1e9]).Sample((first, rest, value) =>
        {
            string text = first + string.Concat(rest.Select(part => part is int index ? $"[{index}]" : $".{part}"));
            string json = ToolTexts.Number(value);
            foreach (object part in rest.Reverse()) json = part is int index ? $"[{string.Concat(Enumerable.Repeat("null,", index))}{json}]" : $"{{\"{part}\": {json}}}";
            using JsonDocument document = JsonDocument.Parse($"{{\"{first}\": {json}}}");
            Assert.True(JsonPath.TryParse(text, out JsonPath? path, out _));
            Assert.Equal([value], path.Numbers(document.RootElement));
            Assert.True(JsonPath.TryParse("$." + text + ".missing", out JsonPath? missing, out _));
            Assert.Empty(missing.Numbers(document.RootElement));
        }, iter: 200);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("[0]")]
    [InlineData("a[-1]")]
    [InlineData("a[x]")]
    [InlineData("a[1")]
    [InlineData("a]")]
    [InlineData("a[99999999999]")]
    [InlineData("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q")]
    public void A_path_that_is_none_is_told_the_form(string text)
    {
        Assert.False(JsonPath.TryParse(text, out _, out string problem));
        Assert.Contains("timings.runs[0].ms", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1e19)]
    public void A_number_that_no_measurement_gives_is_refused_with_its_place(double value) =>
        Assert.Contains("the rate is", Assert.Throws<ToolOutputException>(() => Numbers.Positive(value, "the rate")).Message, StringComparison.Ordinal);
}
