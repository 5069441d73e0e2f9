using EdgeBench.Core.Numbers;

namespace EdgeBench.Core.Tests.Numbers;

public class SplitMix64Tests
{
    [Fact]
    public void Numbers_are_those_that_others_publish_for_the_seed()
    {
        // Rosetta Code, "Pseudo-random numbers/Splitmix64", seed 1234567.
        SplitMix64 random = new(1234567);
        ulong[] expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        Assert.Equal(expected, expected.Select(_ => random.Next()));
    }
}
