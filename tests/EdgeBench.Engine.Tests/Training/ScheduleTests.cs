using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Optimisers;

namespace EdgeBench.Engine.Tests.Training;

public class ScheduleTests
{
    [Theory]
    [InlineData(Decay.None, new[] { 0.5, 1, 1, 1, 1, 1, 1 })]
    [InlineData(Decay.Linear, new[] { 0.5, 1, 1, 0.775, 0.55, 0.325, 0.1 })]
    [InlineData(Decay.Cosine, new[] { 0.5, 1, 1, 0.86819805, 0.55, 0.23180195, 0.1 })]
    public void Rates_rise_and_fall(Decay decay, double[] expected)
    {
        WarmUpSchedule schedule = new(1, 2, 6, decay, decay == Decay.None ? 0 : 0.1);
        for (int step = 0; step < expected.Length; step++) Assert.Equal(expected[step], schedule.Rate(step), 1e-7);
        Assert.Equal(expected[^1], schedule.Rate(1000), 1e-7);
    }

    [Fact]
    public void Every_epoch_takes_each_example_once_in_another_order_and_goes_on_from_any_place()
    {
        DataOrder order = new(40, 3);
        int[] first = [.. Enumerable.Range(0, 40).Select(_ => order.Next())], second = [.. Enumerable.Range(0, 40).Select(_ => order.Next())];
        Assert.Equal(Enumerable.Range(0, 40), first.Order());
        Assert.Equal(Enumerable.Range(0, 40), second.Order());
        Assert.NotEqual(first, second);
        DataOrder other = new(40, 3) { Taken = 53 };
        Assert.Equal(second[13..], Enumerable.Range(0, 27).Select(_ => other.Next()));
        Assert.NotEqual(first, [.. Enumerable.Range(0, 40).Select(_ => new DataOrder(40, 4).Next())]);
    }
}
