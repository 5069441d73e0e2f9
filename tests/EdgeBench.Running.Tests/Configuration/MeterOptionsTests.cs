using EdgeBench.Devices.Power;
using EdgeBench.Running.Configuration.Shapes;

namespace EdgeBench.Running.Tests.Configuration;

public class MeterOptionsTests
{
    public static TheoryData<string> Names => [.. MeterRegistry.All.Select(meter => meter.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_meters_options_can_be_written_in_a_file(string name)
    {
        RecordShape shape = RecordShape.Of(MeterRegistry.Find(name)!.OptionsType);
        Assert.Empty(new[] { "rate", "idle", "max_gap_share" }.Except(shape.Keys));
        Assert.NotNull(shape.Schema(sweep: false));
    }
}
