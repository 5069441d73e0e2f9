using CsCheck;
using EdgeBench.Devices.Thermal;

namespace EdgeBench.Devices.Tests.Thermal;

public class ThrottledBitsTests
{
    // The values of the Raspberry Pi documentation's table, and what a Pi 4 on a weak supply prints.
    [Theory]
    [InlineData("throttled=0x0\n", 0)]
    [InlineData("throttled=0x50005", 0x50005)]
    [InlineData("throttled=0xe0000", 0xe0000)]
    public void What_vcgencmd_prints_is_read(string text, long bits) => Assert.Equal(bits, ThrottledBits.Parse(text)?.Value);

    [Theory]
    [InlineData("")]
    [InlineData("throttled=")]
    [InlineData("throttled=0x")]
    [InlineData("throttled=0x-1")]
    [InlineData("throttled=0x123456789")]
    [InlineData("throttled=5")]
    [InlineData("VCHI initialization failed")]
    public void Anything_else_is_no_reading(string text) => Assert.Null(ThrottledBits.Parse(text));

    [Fact]
    public void Bits_have_the_documented_names()
    {
        ThrottledBits bits = new(0x50005);
        Assert.Equal(["under-voltage", "throttled"], bits.Now);
        Assert.Equal(["under-voltage", "throttled"], bits.SinceBoot);
        Assert.True(bits.HasUnderVoltage);
        Assert.Equal(["soft temperature limit"], new ThrottledBits(0x80000).SinceBoot);
        Assert.Empty(new ThrottledBits(0x80000).Now);
    }

    [Theory]
    [InlineData(0x0, 0x0, 0)]
    [InlineData(0x0, 0x40000, 0b0100)]
    [InlineData(0x40000, 0x40000, 0)]
    [InlineData(0x40000, 0x40004, 0b0100)]
    [InlineData(0x10000, 0x90000, 0b1000)]
    public void Only_what_is_new_or_now_counts_for_a_trial(long before, long after, long during) => Assert.Equal(during, ThrottledBits.Between(before, after));

    [Fact]
    public void A_trial_never_gets_bits_that_are_neither_set_after_it_nor_since_boot() => Gen.Select(Gen.Long[0, 0xFFFFF], Gen.Long[0, 0xFFFFF]).Sample((before, after) =>
        Assert.Equal(0, ThrottledBits.Between(before, after) & ~(after | after >> 16) & 0xF));

    [Fact]
    public void The_program_is_run_and_its_failure_is_told()
    {
        using SystemTree none = new();
        Assert.Equal((null, null), ThrottledBits.Read(none.Root));
        using SystemTree good = new SystemTree().WithTool("vcgencmd", "[ \"$*\" = get_throttled ] && echo throttled=0x20002");
        Assert.Equal(0x20002, ThrottledBits.Read(good.Root).Bits?.Value);
        using SystemTree denied = new SystemTree().WithTool("vcgencmd", "echo 'Can not open device file: /dev/vcio' >&2; exit 255");
        Assert.Contains("exit code 255: Can not open device file: /dev/vcio", ThrottledBits.Read(denied.Root).Problem, StringComparison.Ordinal);
        using SystemTree odd = new SystemTree().WithTool("vcgencmd", "echo hello");
        Assert.Contains("'hello'", ThrottledBits.Read(odd.Root).Problem, StringComparison.Ordinal);
    }
}
