using System.Diagnostics;
using System.Text;
using CsCheck;
using EdgeBench.Agent.Trials;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices;
using EdgeBench.Testing;

namespace EdgeBench.Agent.Tests;

public class TrialChannelTests
{
    private const string Outcome = """{"version":VERSION,"event":"outcome","end":{"overhead_seconds":0.1,"facts":{},"not_applied":[],"warnings":[]}}""";

    [Theory]
    [InlineData("echo hello; exec sleep 20", "no message: 'hello'")]
    [InlineData("echo null; exec sleep 20", "'null'")]
    [InlineData("""echo '{"version":99,"event":"series"}'; exec sleep 20""", "speaks version 99; expected VERSION")]
    [InlineData("""echo '{"version":VERSION,"event":"dance"}'; exec sleep 20""", "no message")]
    [InlineData("""echo '{"version":VERSION,"event":"outcome"}'; exec sleep 20""", "incomplete outcome")]
    [InlineData("""echo '{"version":VERSION,"event":"outcome","end":{"failure":{"kind":"crash"},"facts":{},"not_applied":[],"warnings":[]}}'; exec sleep 20""", "incomplete outcome")]
    [InlineData("""echo '{"version":VERSION,"event":"outcome","end":{"facts":{"a":null},"not_applied":[],"warnings":[]}}'; exec sleep 20""", "incomplete outcome")]
    [InlineData("""echo '{"version":VERSION,"event":"outcome","end":{"facts":{},"not_applied":[null],"warnings":[]}}'; exec sleep 20""", "incomplete outcome")]
    [InlineData("""echo '{"version":VERSION,"event":"series","series":{"metric":"itl","values":[1],"at":[],"repetition":[0]}}'; exec sleep 20""", "unequal length")]
    [InlineData("echo '" + Outcome + "'; echo '" + Outcome + "'; exec sleep 20", "went on after its outcome")]
    [InlineData("""echo '{"version":VERSION,"event":"series"} x'; exec sleep 20""", "no message")]
    [InlineData("""printf '{"version":VERSION,"event":"outcome","end":'; head -c 3000000 /dev/zero | tr '\\0' '['; echo; exec sleep 20""", "no message")]
    [InlineData("head -c 6000000 /dev/zero | tr '\\0' x; exec sleep 20", "line longer than")]
    [InlineData("printf '{\"version\":VERSION'; exit 0", "in the middle of the line '{\"version\":VERSION'")]
    [InlineData("exit 0", "without an outcome")]
    public async Task What_is_no_message_is_a_protocol_failure_and_ends_the_process(string script, string words)
    {
        Stopwatch watch = Stopwatch.StartNew();
        TrialOutcome outcome = await Double.RunScriptAsync(Spoken(script));
        Assert.Equal(FailureKind.Protocol, outcome.Failure?.Kind);
        Assert.Contains(Spoken(words), outcome.Failure!.Message, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact]
    public async Task A_process_that_falls_in_the_middle_of_a_line_has_crashed()
    {
        TrialOutcome outcome = await Double.RunScriptAsync("printf '{\"version\"'; kill -ABRT $$");
        Assert.Equal(FailureKind.Crash, outcome.Failure?.Kind);
        Assert.Contains("SIGABRT", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kill_that_the_kernel_counts_is_want_of_memory()
    {
        using TemporaryFolder tree = new();
        Directory.CreateDirectory(tree.File("proc"));
        File.WriteAllText(tree.File("proc/vmstat"), "nr_free_pages 5\noom_kill 3\n");
        TrialOutcome outcome = await Double.RunScriptAsync($"echo 'oom_kill 4' > {tree.File("proc/vmstat")}; kill -9 $$", root: new SystemRoot(tree.Path));
        Assert.Equal(FailureKind.OutOfMemory, outcome.Failure?.Kind);
        Assert.Equal(1, outcome.Conditions["oom_kills"]);
    }

    [Fact]
    public async Task A_grandchild_that_holds_the_streams_open_holds_nobody_up()
    {
        Stopwatch watch = Stopwatch.StartNew();
        TrialOutcome outcome = await Double.RunScriptAsync($"sleep 6 & echo '{Spoken(Outcome)}'; exit 0");
        Assert.Null(outcome.Failure);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact]
    public void More_readings_than_one_answer_can_carry_are_refused()
    {
        byte[] line = Encoding.UTF8.GetBytes(Spoken("""{"version":VERSION,"event":"series","series":{"metric":"itl","values":[1,2],"at":[1,2],"repetition":[0,0]}}""") + "\n");
        Assert.Null(Read(new TrialChannel(maxReadings: 4), [.. line, .. line]));
        Assert.Contains("more than 4 readings", Read(new TrialChannel(maxReadings: 4), [.. line, .. line, .. line]), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_are_refused_or_read_and_never_throw() => Gen.Byte[0, 255].Array[0, 300].Sample(bytes =>
    {
        TrialChannel channel = new();
        string? offence = Read(channel, bytes);
        Assert.Null(channel.End);
        Assert.Equal(bytes.Contains((byte)'\n'), offence is not null);
    }, iter: 2000);

    [Fact]
    public void A_message_with_any_one_byte_changed_is_read_or_refused_and_never_throws()
    {
        byte[] good = Encoding.UTF8.GetBytes(Spoken($"{{\"version\":VERSION,\"event\":\"series\",\"series\":{{\"metric\":\"itl\",\"values\":[1],\"at\":[2],\"repetition\":[0]}}}}\n{Outcome}\n"));
        Assert.Null(Read(new TrialChannel(), good));
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Sample((place, value) =>
        {
            byte[] bytes = [.. good];
            bytes[place] = value;
            TrialChannel channel = new();
            string? offence = Read(channel, bytes);
            Assert.True(offence is not null || channel.End is not null || channel.Unfinished is not null);
        }, iter: 2000);
    }

    // VERSION stands for the protocol's own.
    private static string Spoken(string text) => text.Replace("VERSION", Protocol.Version.ToString(), StringComparison.Ordinal);

    // From memory, so that nothing is waited for.
    private static string? Read(TrialChannel channel, byte[] bytes) => channel.ReadAsync(new MemoryStream(bytes), default).GetAwaiter().GetResult();
}
