using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power;
using EdgeBench.Devices.Power.Recording;

namespace EdgeBench.Devices.Tests.Power;

public class ToolMeterTests
{
    [Fact]
    public async Task Nvidia_smi_is_asked_to_loop_and_what_is_no_number_is_a_flaw()
    {
        using SystemTree tree = new SystemTree().WithScript("usr/bin/nvidia-smi",
            """
            echo "$*" > "$0.arguments"
            printf '31.25\n[N/A]\n[Not Supported]\nnan\n-3\n%s\n40.5\n41\n' "$(head -c 20000 /dev/zero | tr '\0' 9)"
            exec sleep 60
            """);
        List<MeterReading> readings = await Meters.ReadAsync("nvidia-smi", tree.Root, 7, """{"gpu": 1, "rate": 20}""");
        Assert.Equal((31.25, ReadingFlaw.None), readings.Where(reading => reading.IsUsable).Select(reading => (reading.Value, reading.Flaw)).First());
        Assert.Equal([ReadingFlaw.Unreadable, ReadingFlaw.Unreadable, ReadingFlaw.NotANumber, ReadingFlaw.Negative, ReadingFlaw.Unreadable],
            readings.Where(reading => !reading.IsUsable).Select(reading => reading.Flaw));
        Assert.Equal("--id=1 --query-gpu=power.draw --format=csv,noheader,nounits --loop-ms=50\n",
            await File.ReadAllTextAsync(Path.Combine(tree.Root.Folder, "usr/bin/nvidia-smi.arguments"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_program_that_ends_by_itself_tells_its_last_words()
    {
        using SystemTree tree = new SystemTree().WithScript("usr/bin/nvidia-smi", "echo 'NVIDIA-SMI has failed' >&2; exit 9");
        MeterRefusal refusal = await Meters.NotAppliedAsync("nvidia-smi", tree.Root);
        Assert.Contains("exit code 9; its words: NVIDIA-SMI has failed", refusal.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_none_is_named()
    {
        using SystemTree tree = new SystemTree().With("usr/bin/nvidia-smi", "not a program");
        MeterRefusal refusal = await Meters.NotAppliedAsync("nvidia-smi", tree.Root);
        Assert.Contains("nvidia-smi cannot be started", refusal.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ending_a_session_ends_its_program()
    {
        using SystemTree tree = new SystemTree().WithScript("usr/bin/nvidia-smi", "echo $$ > \"$0.pid\"; while :; do echo 5; sleep 0.02; done");
        IMeterSession session = await Meters.OpenAsync("nvidia-smi", tree.Root);
        await Meters.TakeAsync(session, 2);
        string process = (await File.ReadAllTextAsync(Path.Combine(tree.Root.Folder, "usr/bin/nvidia-smi.pid"), TestContext.Current.CancellationToken)).Trim();
        Assert.True(Directory.Exists($"/proc/{process}"));
        await session.DisposeAsync();
        Assert.False(Directory.Exists($"/proc/{process}"));
    }

    [Fact]
    public async Task The_estimate_is_its_stated_model_of_busy_processors()
    {
        using SystemTree tree = new SystemTree().With("proc/stat", Stat(busy: 1000, idle: 9000));
        await using IMeterSession session = await Meters.OpenAsync("estimate", tree.Root, """{"idle_watts": 2, "watts_per_core": 1.5, "rate": 20}""");
        Assert.Equal(EnergyBoundary.Estimate, session.Description.Boundary);
        Assert.Equal("model: 2 W + 1.5 W for each busy one of 4 processors", session.Description.Source);
        // 100 of 400 ticks: one processor of four.
        tree.Change("proc/stat", Stat(busy: 1100, idle: 9300));
        Assert.Equal(3.5, (await Meters.TakeAsync(session, 1))[0].Value, 9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu 1 2 3\ncpu0 1 2 3\n")]
    [InlineData("cpu  1 2 3 4 5 6 7 -8\ncpu0 1\n")]
    [InlineData("cpu  1 2 3 4 5 6 7 8\n")]
    public async Task Without_processor_times_there_is_no_estimate(string stat)
    {
        using SystemTree tree = new SystemTree().With("proc/stat", stat);
        Assert.Contains("/proc/stat shows no processor times", await Meters.RefusalAsync("estimate", tree.Root, """{"idle_watts": 2, "watts_per_core": 1}"""), StringComparison.Ordinal);
    }

    private static string Stat(int busy, int idle) =>
        $"cpu  {busy} 0 0 {idle} 0 0 0 0 0 0\ncpu0 1 0 0 1\ncpu1 1 0 0 1\ncpu2 1 0 0 1\ncpu3 1 0 0 1\nintr 5\n";
}
