using CsCheck;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Workloads;
using EdgeBench.Suites.SingleStream;

namespace EdgeBench.Suites.Tests.SingleStream;

public class StreamTestTests
{
    [Theory]
    [InlineData("pp512", 512, 0, 0)]
    [InlineData("tg128", 0, 128, 0)]
    [InlineData("pp512+tg128", 512, 128, 0)]
    [InlineData("pp512 @ d4096", 512, 0, 4096)]
    [InlineData("tg32@d16", 0, 32, 16)]
    public void Names_of_llama_bench_are_read(string name, int prompt, int generate, int depth) =>
        Assert.Equal(new StreamTest(prompt, generate, depth), StreamTest.Parse(name));

    [Theory]
    [InlineData("")]
    [InlineData("pp")]
    [InlineData("pp0")]
    [InlineData("pp-5")]
    [InlineData("tg128+pp512")]
    [InlineData("pp512+")]
    [InlineData("pp512 @ 4096")]
    [InlineData("pp512 @ d0")]
    [InlineData("@ d16")]
    [InlineData("pp99999999999999999999")]
    [InlineData("pp512\n")]
    [InlineData("pp\u0665")]
    public void A_wrong_name_is_named_with_the_grammar(string name)
    {
        EdgeBenchException exception = Assert.Throws<EdgeBenchException>(() => StreamTest.Parse(name));
        Assert.Contains($"'{name}'", exception.Message);
        Assert.Contains("ppN", exception.Message);
        Assert.Equal(ExitCode.BadInput, exception.ExitCode);
    }

    [Fact]
    public void A_name_reads_back_as_itself() =>
        Gen.Select(Gen.Int[0, 9999], Gen.Int[0, 9999], Gen.Int[0, 9999]).Where((p, g, _) => p + g > 0).Sample((p, g, d) =>
        {
            StreamTest test = StreamTest.Of(p, g, d);
            Assert.Equal(test, StreamTest.Parse(test.ToString()));
        });

    [Fact]
    public void A_list_gives_one_complete_test_for_each_name()
    {
        SingleStreamWorkload workload = new();
        IReadOnlyList<WorkloadTest> tests = workload.Tests(Requests.Json(new { tests = new[] { "pp16", "pp8+tg4@d2" } }));
        Assert.Equal(["pp16", "pp8+tg4 @ d2"], tests.Select(test => test.Test));
        Assert.Equal(14, workload.Needs(tests[1].Parameters, 2).Context);
        Assert.Equal("pp8+tg4 @ d2", workload.Tests(tests[1].Parameters).Single().Test);
    }

    [Fact]
    public void A_list_and_lengths_exclude_each_other() =>
        Assert.Contains("'tests' together with", Assert.Throws<EdgeBenchException>(
            () => new SingleStreamWorkload().Tests(Requests.Json(new { prompt = 4, tests = new[] { "pp16" } }))).Message);

    [Fact]
    public void Nothing_to_do_is_bad_input() =>
        Assert.Contains("'prompt', 'generate' or 'tests'", Assert.Throws<EdgeBenchException>(
            () => new SingleStreamWorkload().Tests(Requests.Json(new { depth = 4 }))).Message);
}
