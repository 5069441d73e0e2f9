using EdgeBench.Devices.Wire;

namespace EdgeBench.Devices.Tests;

public class LivenessTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task Silence_is_noticed_after_its_ticks()
    {
        int ticks = 0;
        await Liveness.UntilSilentAsync(() => 0, s_tick, 3, () => ticks++, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.Equal(3, ticks);
    }

    [Fact]
    public async Task Signs_of_life_keep_the_watch_going()
    {
        long signs = 0;
        int ticks = 0;
        // A sign at every second tick, ten of them: three silent ticks in a row come after the last.
        await Liveness.UntilSilentAsync(() => signs, s_tick, 3, () => signs += ++ticks % 2 == 0 && ticks <= 20 ? 1 : 0, TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(23, ticks);
    }
}
