using System.ComponentModel.DataAnnotations;
using EdgeBench.Running.Configuration;
using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Tests.Configuration;

public class ShapeReaderTests
{
    private sealed record WithObject
    {
        public object? Anything { get; init; }
    }

    private sealed record WithForeignCheck
    {
        [StringLength(3)]
        public string Text { get; init; } = "";
    }

    private sealed record WithBounds
    {
        [Range(0, 8, MinimumIsExclusive = true, MaximumIsExclusive = true)]
        public int Open { get; init; } = 1;

        [AllowedValues(1, 2, 4)]
        public int Width { get; init; } = 1;
    }

    private sealed record WithAllowedNumbers
    {
        [AllowedValues(0.5)]
        public double Share { get; init; }
    }

    private sealed record WithComputed
    {
        public int Given { get; init; } = 1;

        public int Twice => 2 * Given;
    }

    [Fact]
    public void A_property_that_yaml_cannot_express_is_the_programmers_error() =>
        Assert.Contains("Anything", Assert.Throws<NotSupportedException>(() => RecordShape.Of(typeof(WithObject))).Message, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void A_check_that_would_be_ignored_is_the_programmers_error() =>
        Assert.Contains("StringLength", Assert.Throws<NotSupportedException>(() => RecordShape.Of(typeof(WithForeignCheck))).Message);

    [Fact]
    public void Allowed_values_of_a_kind_that_is_not_checked_are_the_programmers_error() =>
        Assert.Contains("share", Assert.Throws<NotSupportedException>(() => RecordShape.Of(typeof(WithAllowedNumbers))).Message);

    [Fact]
    public void Exclusive_bounds_and_allowed_numbers_are_honoured()
    {
        RecordShape shape = RecordShape.Of(typeof(WithBounds));
        Assert.Equal(new IntegerShape(1, 7), shape.Properties[0].Value);
        Assert.Equal("[1,2,4]", shape.Properties[1].Value.Schema()["enum"]!.ToJsonString());
        Assert.True(Accepts("width: 4"));
        Assert.False(Accepts("width: 3"));

        bool Accepts(string yaml) => shape.TryBind((YamlMap)YamlReader.Read(yaml, "test", new ProblemList())!, "", new ProblemList(), out _);
    }

    [Fact]
    public void A_computed_property_is_no_key_and_no_part_of_the_canonical_form()
    {
        RecordShape shape = RecordShape.Of(typeof(WithComputed));
        Assert.Equal(["given"], shape.Keys);
        Assert.Equal("""{"given":1}""", CanonicalJson.Complete(shape, []).GetRawText());
    }
}
