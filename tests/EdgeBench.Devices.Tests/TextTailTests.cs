using System.Text;
using EdgeBench.Devices.Processes;

namespace EdgeBench.Devices.Tests;

public class TextTailTests
{
    [Fact]
    public async Task Only_the_last_bytes_are_kept_and_in_order()
    {
        string text = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"line {i}\n"));
        TextTail tail = new(new MemoryStream(Encoding.ASCII.GetBytes(text)), capacity: 100);
        await tail.Completion;
        Assert.Equal("line 9998\nline 9999", tail.LastLines(2));
        Assert.InRange(tail.LastLines(1000).Length, 50, 100);
    }

    [Fact]
    public async Task Control_characters_do_not_reach_a_message()
    {
        TextTail tail = new(new MemoryStream("\u001b[31mred\u0007\n"u8.ToArray()));
        await tail.Completion;
        Assert.Equal("[31mred", tail.LastLines());
    }
}
