using System.Diagnostics;

namespace EdgeBench.Remote.Tests.Faults;

/// <summary>
/// The seeded fault campaign. <c>EDGEBENCH_FAULT_RUNS</c> sets the runs of each fault (1 where it is not set), <c>EDGEBENCH_FAULT_SEED</c> the seed of all,
/// <c>EDGEBENCH_FAULT_TABLE</c> a file for the table, <c>EDGEBENCH_FAULT_ONE='name:seed'</c> one run to repeat.
/// </summary>
[Collection(nameof(Collection))]
public class FaultCampaignTests(LoopbackSshd sshd, ITestOutputHelper output)
{
    [Fact]
    public async Task A_fault_costs_at_most_the_trial_in_flight_and_leaves_the_device_idle()
    {
        sshd.Require();
        FaultSettings settings = FaultSettings.Read();
        output.WriteLine($"{FaultSettings.RunsVariable}={settings.Runs} {FaultSettings.SeedVariable}={settings.Seed}");
        IReadOnlyList<FaultReport> reports = await new FaultCampaign(sshd, settings, output.WriteLine).RunAsync(TestContext.Current.CancellationToken);
        string table = FaultTable.Write(reports);
        output.WriteLine(table);
        if (settings.Table is { } path) await File.WriteAllTextAsync(path, table, TestContext.Current.CancellationToken);
        FaultReport[] broken = [.. reports.Where(report => report.Violations.Count > 0)];
        Assert.True(broken.Length == 0, $"{FaultSettings.RunsVariable}={settings.Runs} repeats with one of:\n{string.Join("\n", broken.Select(report => report.ToString()))}");
        Assert.NotEmpty(reports);
    }

    [Fact]
    public async Task A_process_that_stood_still_is_noticed()
    {
        using Pulse pulse = new();
        using Process kill = Process.Start("sh", ["-c", $"kill -STOP {Environment.ProcessId}; sleep 1; kill -CONT {Environment.ProcessId}"]);
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        Assert.InRange(pulse.LongestSince(0), 0.5, 60);
        Assert.Equal(0, pulse.LongestSince(pulse.Now + 1));
    }

    [Fact]
    public void Every_fault_has_a_name_of_its_own_and_a_class_in_the_registry()
    {
        Assert.Equal(FaultRegistry.All.Count, FaultRegistry.All.Select(fault => fault.Name).Distinct().Count());
        IEnumerable<Type> classes = typeof(IFault).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IFault)));
        Assert.Equal(classes.Select(type => type.Name).Order(), FaultRegistry.All.Select(fault => fault.GetType().Name).Order());
        Assert.All(FaultRegistry.All, fault => Assert.DoesNotContain(':', fault.Name));
    }
}
