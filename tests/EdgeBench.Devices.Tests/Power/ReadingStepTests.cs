using EdgeBench.Devices.Power;
using EdgeBench.Devices.Power.Integration;

namespace EdgeBench.Devices.Tests.Power;

public class ReadingStepTests
{
    [Theory]
    [InlineData(1, new[] { 17.0, 17.0, 17.0 })]
    [InlineData(1, new[] { 4.0, 10.0, 4.0 })]
    [InlineData(0.1, new[] { 8.9, 9.0, 8.9 })]
    [InlineData(0.001, new[] { 4.001, 4.002, 5.0 })]
    public void Few_values_have_the_decimal_place_that_they_are_given_to(double step, double[] values) =>
        Assert.Equal(step, ReadingStep.Of(values.Select((value, i) => new MeterReading(i, value))), 12);

    [Fact]
    public void Many_values_show_their_step() =>
        Assert.Equal(0.025, ReadingStep.Of(Enumerable.Range(0, 40).Select(i => new MeterReading(i, 4 + (i * 7 % 13 * 0.025)))), 9);
}
