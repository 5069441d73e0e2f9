using EdgeBench.Agent.Serving;
using EdgeBench.Devices;
using EdgeBench.Testing;

namespace EdgeBench.Agent.Tests;

public sealed class PageCacheTests : IDisposable
{
    private readonly TemporaryFolder _tree = new();

    public PageCacheTests()
    {
        Directory.CreateDirectory(_tree.File("proc"));
        File.WriteAllText(_tree.File("model"), new string('x', 3000));
    }

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("MemAvailable: 3 kB", "warm")]
    [InlineData("MemAvailable: 2 kB", "cold: the artifact's 3000 bytes exceed the 2048 bytes")]
    [InlineData("", "warm")]
    public void A_file_larger_than_the_available_memory_is_left_and_said_to_be_cold(string memory, string words)
    {
        File.WriteAllText(_tree.File("proc/meminfo"), memory + "\n");
        Assert.StartsWith(words, PageCache.Warm(_tree.File("model"), new SystemRoot(_tree.Path), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_not_said_to_be_warm() =>
        Assert.StartsWith("unknown", PageCache.Warm(_tree.File("none"), new SystemRoot(_tree.Path), TestContext.Current.CancellationToken), StringComparison.Ordinal);

    [Fact]
    public void A_cancelled_trial_does_not_wait_for_the_file() =>
        Assert.Throws<OperationCanceledException>(() => PageCache.Warm(_tree.File("model"), new SystemRoot(_tree.Path), new CancellationToken(canceled: true)));
}
