using EdgeBench.Core.Devices;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Facts;
using EdgeBench.Devices.Probes;
using EdgeBench.Kernels.Peaks;

namespace EdgeBench.Devices.Tests.Probes;

public class PeakProbeTests
{
    private const long MiB = 1 << 20;

    private static readonly DeviceFacts s_here = LocalFacts.Read(SystemRoot.Real);

    [Fact]
    public void The_last_level_counts_once_for_all_that_share_it()
    {
        using SystemTree tree = new();
        foreach (int cpu in (int[])[0, 1, 2, 3])
        {
            Cache(tree, cpu, 0, level: 1, "64K", $"{cpu}");
            Cache(tree, cpu, 1, level: 2, "512K", $"{cpu}");
            Cache(tree, cpu, 2, level: 3, "2048K", cpu < 2 ? "0-1" : "2-3");
        }
        Assert.Equal(4 * MiB, CacheSizes.LastLevel(tree.Root));
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("-1K")]
    [InlineData("32M")]
    public void A_size_that_is_not_understood_is_not_known(string size)
    {
        using SystemTree tree = new();
        Cache(tree, 0, 0, level: 3, size, "0");
        Assert.Null(CacheSizes.LastLevel(tree.Root));
    }

    [Fact]
    public void A_buffer_is_well_beyond_the_caches() => Assert.Multiple(
        () => Assert.Equal(256 * MiB, ReadBuffer.Size(32 * MiB)),
        () => Assert.Equal(64 * MiB, ReadBuffer.Size(2 * MiB)),
        () => Assert.Equal(0, ReadBuffer.Size(33_000_000) % (2 * MiB)),
        () => Assert.Equal(512 * MiB, ReadBuffer.Size(null)));

    [Fact]
    public void Short_memory_gives_no_bandwidth_and_says_so_and_still_computes()
    {
        using SystemTree tree = new();
        tree.With("proc/meminfo", "MemTotal: 1000000 kB\nMemAvailable: 100000 kB\n");
        Cache(tree, 0, 0, level: 3, "8192K", "0");
        PeakReport report = PeakProbe.Measure(tree.Root, s_here with { Emulated = false }, new PeakQuery([1]), TestContext.Current.CancellationToken);
        Assert.Contains(report.Missing, why => why == "no read bandwidth: it takes 64 MiB (8 times the last caches) and as much left free, and 97 MiB are available");
        Assert.DoesNotContain(report.Figures, figure => figure.Kind == "read");
        Assert.Contains(report.Figures, figure => figure.Kind == "f32");
    }

    [Fact]
    public void An_emulated_device_gives_none()
    {
        PeakReport report = PeakProbe.Measure(SystemRoot.Real, s_here with { Emulated = true }, new PeakQuery([]), TestContext.Current.CancellationToken);
        Assert.Empty(report.Figures);
        Assert.Equal(["no peaks: the device is emulated, and an emulator's speed says nothing about it"], report.Missing);
    }

    [Fact]
    public void One_thread_and_all_are_probed_with_every_loop_of_this_processor()
    {
        PeakReport report = PeakProbe.Measure(SystemRoot.Real, s_here with { Emulated = false, Cores = 2 }, new PeakQuery([]), TestContext.Current.CancellationToken);
        Assert.Equal(Enum.GetValues<PeakKind>().SelectMany(kind => PeakLoops.Supported(kind).SelectMany(loop => new[] { 1, 2 }.Select(threads => (PeakProbe.Name(kind), loop.Instructions, threads)))).Order(),
            report.Figures.Select(figure => (figure.Kind, figure.Instructions, figure.Threads)).Order());
        Assert.All(report.Figures, figure =>
        {
            // From a microcontroller's megabytes to a socket of the next years.
            Assert.InRange(figure.Median, 0.01, 1e6);
            Assert.True(figure.Best >= figure.Median);
            Assert.Equal(figure.Kind == "read" ? "GB/s" : "GOP/s", figure.Unit);
            Assert.Equal(figure.Kind == "read", figure.Bytes >= 64 * MiB);
        });
    }

    private static void Cache(SystemTree tree, int cpu, int index, int level, string size, string sharers)
    {
        string folder = $"sys/devices/system/cpu/cpu{cpu}/cache/index{index}";
        tree.With($"{folder}/level", $"{level}\n").With($"{folder}/size", $"{size}\n").With($"{folder}/shared_cpu_list", $"{sharers}\n");
    }
}
