using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power;

namespace EdgeBench.Devices.Tests.Power;

public class RaplMeterTests
{
    private const string Class = "sys/class/powercap";

    // As two sockets show themselves, the packages' own domains and the mmio twin of the first included.
    private static SystemTree TwoSockets(long first = 1_000_000, long second = 2_000_000) => Domain(Domain(Domain(Domain(Domain(
        new SystemTree().With($"{Class}/intel-rapl/enabled", "1\n"),
        "intel-rapl:0", "package-0", first), "intel-rapl:0:0", "core", 500), "intel-rapl:0:1", "dram", 700), "intel-rapl:1", "package-1", second), "intel-rapl-mmio:0", "package-0", 900);

    private static SystemTree Domain(SystemTree tree, string folder, string name, long microjoules) => tree
        .With($"{Class}/{folder}/name", $"{name}\n")
        .With($"{Class}/{folder}/max_energy_range_uj", "262143328850\n")
        .With($"{Class}/{folder}/energy_uj", $"{microjoules}\n");

    private static void Set(SystemTree tree, string folder, long microjoules) => tree.Change($"{Class}/{folder}/energy_uj", $"{microjoules}\n");

    [Fact]
    public async Task Both_packages_are_summed_and_nothing_that_lies_inside_them()
    {
        using SystemTree tree = TwoSockets();
        await using IMeterSession session = await Meters.OpenAsync("rapl", tree.Root, """{"rate": 20}""");
        Assert.Equal((MeterKind.Energy, EnergyBoundary.Rail), (session.Description.Kind, session.Description.Boundary));
        Assert.StartsWith("package-0 + package-1 ", session.Description.Source, StringComparison.Ordinal);
        Task<List<MeterReading>> reading = Meters.TakeAsync(session, 8);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Set(tree, "intel-rapl:0", 4_000_000);
        Set(tree, "intel-rapl:1", 4_500_000);
        foreach (string other in new[] { "intel-rapl:0:0", "intel-rapl:0:1", "intel-rapl-mmio:0" }) Set(tree, other, 90_000_000);
        List<MeterReading> readings = await reading;
        Assert.All(readings, one => Assert.Equal(ReadingFlaw.None, one.Flaw));
        Assert.Equal(0, readings[0].Value);
        Assert.Equal(5.5, readings[^1].Value, 9);
    }

    [Fact]
    public async Task One_package_that_wraps_counts_on()
    {
        using SystemTree tree = TwoSockets(first: 262_143_000_000);
        await using IMeterSession session = await Meters.OpenAsync("rapl", tree.Root, """{"rate": 20}""");
        Task<List<MeterReading>> reading = Meters.TakeAsync(session, 8);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Set(tree, "intel-rapl:0", 2_671_150);
        List<MeterReading> readings = await reading;
        Assert.All(readings, one => Assert.Equal(ReadingFlaw.None, one.Flaw));
        // 0.32885 J to the end of the range and 2.67115 J after it.
        Assert.Equal(3, readings[^1].Value, 9);
    }

    [Fact]
    public async Task A_counter_that_begins_anew_is_told()
    {
        using SystemTree tree = TwoSockets(first: 90_000_000_000);
        await using IMeterSession session = await Meters.OpenAsync("rapl", tree.Root, """{"rate": 20}""");
        Task<List<MeterReading>> reading = Meters.TakeAsync(session, 8);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Set(tree, "intel-rapl:0", 10);
        List<MeterReading> readings = await reading;
        Assert.Single(readings, one => one.Flaw == ReadingFlaw.Reset);
        Assert.Equal(0, readings[^1].Value, 9);
    }

    [Fact]
    public async Task While_one_package_cannot_be_read_there_is_no_sum()
    {
        using SystemTree tree = TwoSockets();
        await using IMeterSession session = await Meters.OpenAsync("rapl", tree.Root, """{"rate": 20}""");
        Task<List<MeterReading>> reading = Meters.TakeAsync(session, 8);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        tree.Change($"{Class}/intel-rapl:1/energy_uj", "garbage");
        Assert.Equal(ReadingFlaw.Unreadable, (await reading)[^1].Flaw);
    }

    [Fact]
    public async Task Psys_is_the_platform_where_there_is_one()
    {
        using SystemTree tree = Domain(Domain(new SystemTree(), "intel-rapl:0", "package-0", 1), "intel-rapl:1", "psys", 5);
        await using IMeterSession session = await Meters.OpenAsync("rapl", tree.Root, """{"domain": "psys"}""");
        Assert.Equal(EnergyBoundary.Board, session.Description.Boundary);
        using SystemTree without = Domain(new SystemTree(), "intel-rapl:0", "package-0", 1);
        Assert.Contains("no psys domain here (found: package-0)", await Meters.RefusalAsync("rapl", without.Root, """{"domain": "psys"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_counter_that_may_not_be_read_names_file_and_remedy()
    {
        using SystemTree tree = TwoSockets();
        string file = Path.Combine(tree.Root.Folder, $"{Class}/intel-rapl:1/energy_uj");
        File.Delete(file);
        Assert.Contains($"there is no /{Class}/intel-rapl:1/energy_uj", await Meters.RefusalAsync("rapl", tree.Root), StringComparison.Ordinal);
        // Root, as which tests may run, reads everything: a file without a number stands for one that may not be read.
        File.WriteAllText(file, "");
        string refusal = await Meters.RefusalAsync("rapl", tree.Root);
        Assert.Contains("may not be read by this user", refusal, StringComparison.Ordinal);
        Assert.Contains("chmod a+r", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("many")]
    public async Task Without_a_range_a_wrap_could_not_be_told_from_a_reset(string range)
    {
        using SystemTree tree = TwoSockets().With($"{Class}/intel-rapl:0/max_energy_range_uj", range);
        Assert.Contains("max_energy_range_uj holds no range", await Meters.RefusalAsync("rapl", tree.Root), StringComparison.Ordinal);
    }
}
