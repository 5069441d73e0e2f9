using EdgeBench.Devices.Thermal;

namespace EdgeBench.Devices.Tests.Thermal;

public class JetsonPowerTests
{
    // What JetPack 4 and 5 print.
    [Theory]
    [InlineData("NVPM WARN: fan mode is not set!\nNV Power Mode: MAXN\n0\n", "MAXN")]
    [InlineData("NV Fan Mode:quiet\nNV Power Mode: MODE_15W\n2\n", "MODE_15W")]
    [InlineData("NV Power Mode: \n", null)]
    [InlineData("", null)]
    public void The_modes_name_is_read(string output, string? mode) => Assert.Equal(mode, JetsonPower.Parse(output));

    [Fact]
    public void A_tool_that_fails_is_told_apart_from_none()
    {
        using SystemTree none = new(), failing = new SystemTree().WithTool("nvpmodel", "exit 1");
        Assert.Equal((null, null), JetsonPower.Mode(none.Root));
        Assert.Equal((null, "nvpmodel ended with exit code 1"), JetsonPower.Mode(failing.Root));
    }
}
