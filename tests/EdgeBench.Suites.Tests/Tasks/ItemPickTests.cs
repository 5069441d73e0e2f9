using EdgeBench.Suites.Tasks.Data;

namespace EdgeBench.Suites.Tests.Tasks;

public class ItemPickTests
{
    [Theory]
    [InlineData(5, 0, 0UL, new[] { 0, 1, 2, 3, 4 })]
    [InlineData(5, 9, 3UL, new[] { 0, 1, 2, 3, 4 })]
    [InlineData(5, 2, 0UL, new[] { 0, 1 })]
    public void All_or_the_first(int count, int limit, ulong seed, int[] items) => Assert.Equal(items, ItemPick.Of(count, limit, seed));

    [Fact]
    public void A_seed_draws_every_item_equally_often_and_always_the_same()
    {
        const int Count = 20, Limit = 5, Draws = 4000;
        int[] times = new int[Count];
        for (ulong seed = 1; seed <= Draws; seed++)
        {
            int[] picked = ItemPick.Of(Count, Limit, seed);
            Assert.Equal(Limit, picked.Distinct().Count());
            Assert.Equal(picked.Order(), picked);
            foreach (int item in picked) times[item]++;
        }
        // Five standard errors of a binomial around Draws / 4.
        Assert.All(times, count => Assert.InRange(count, 1000 - 137, 1000 + 137));
        Assert.Equal(ItemPick.Of(1000, 3, 42), ItemPick.Of(1000, 3, 42));
        Assert.NotEqual(ItemPick.Of(1000, 3, 42), ItemPick.Of(1000, 3, 43));
    }
}
