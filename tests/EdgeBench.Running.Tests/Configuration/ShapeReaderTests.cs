using System.ComponentModel.DataAnnotations;
using EdgeBench.Running.Configuration.Shapes;

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
    public void A_computed_property_is_no_key_and_no_part_of_the_canonical_form()
    {
        RecordShape shape = RecordShape.Of(typeof(WithComputed));
        Assert.Equal(["given"], shape.Keys);
        Assert.Equal("""{"given":1}""", CanonicalJson.Complete(shape, []).GetRawText());
    }
}
