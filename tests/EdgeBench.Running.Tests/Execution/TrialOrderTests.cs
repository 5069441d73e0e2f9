using CsCheck;
using EdgeBench.Running.Execution;

namespace EdgeBench.Running.Tests.Execution;

public class TrialOrderTests
{
    [Fact]
    public void Every_item_comes_exactly_once() =>
        Gen.Select(Gen.Int[0, 200], Gen.ULong, Gen.Int[0, 50]).Sample((count, seed, session) =>
            TrialOrder.Shuffle([.. Enumerable.Range(0, count)], seed, session).Order().SequenceEqual(Enumerable.Range(0, count)));

    [Fact]
    public void The_same_seed_gives_the_same_order_and_another_session_another()
    {
        int[] items = [.. Enumerable.Range(0, 50)];
        Assert.Equal(TrialOrder.Shuffle(items, 7, 0), TrialOrder.Shuffle(items, 7, 0));
        Assert.NotEqual(TrialOrder.Shuffle(items, 7, 0), TrialOrder.Shuffle(items, 7, 1));
        Assert.NotEqual(TrialOrder.Shuffle(items, 7, 0), TrialOrder.Shuffle(items, 8, 0));
    }

    [Fact]
    public void Every_place_is_about_equally_likely_for_the_first_item()
    {
        int[] places = new int[5];
        for (ulong seed = 0; seed < 5000; seed++) places[Array.IndexOf(TrialOrder.Shuffle([0, 1, 2, 3, 4], seed, 0), 0)]++;
        // Binomial(5000, 0.2): standard deviation 28, so 150 is over five of them.
        Assert.All(places, count => Assert.InRange(count, 850, 1150));
    }
}
