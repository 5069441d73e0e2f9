using System.Text;
using CsCheck;
using EdgeBench.Backends.External;
using EdgeBench.Backends.External.Tools;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.External;

public sealed class HostileOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("500, 400", "NaN, 400")]
    [InlineData("500, 400", "-500, 400")]
    [InlineData("500, 400", "0, 400")]
    [InlineData("500, 400", "1e400, 400")]
    [InlineData("500, 400", "\"500\", 400")]
    [InlineData("500, 400", "0.5, 0.4")] // thousands of tokens a second
    [InlineData("500, 400, 250, 400 ]", "500, 400 ]")]
    [InlineData("\"n_prompt\": 100", "\"n_prompt\": 512")]
    [InlineData("\"n_threads\": 2", "\"n_threads\": 64")]
    [InlineData("\"n_depth\": 0", "\"n_depth\": 4096")]
    [InlineData("\"n_gen\": 0,", "")]
    [InlineData("387.500000", "512.5")]
    [InlineData("\"n_gen\": 0", "\"n_gen\": 0, \"n_gen\": 0")]
    [InlineData("samples_ts", "samples")]
    public void A_llama_bench_that_says_something_else_is_refused(string part, string other) => Refused<LlamaBenchTool>(ToolTexts.With(ToolTexts.LlamaBench, part, other));

    [Theory]
    [InlineData("100.000000 ms", "100.000000 s")]
    [InlineData("100.000000 ms", "0.100000 ms")]
    [InlineData("100.000000 ms", "nan ms")]
    [InlineData("requests: 4", "requests: 5")]
    [InlineData("requests: 4", "requests: -4")]
    [InlineData("P50 Latency: 0.0995086 s", "P50 Latency: 99.5086 ms")]
    [InlineData("P50 Latency: 0.0995086 s", "P50 Latency: 0.2 s")]
    [InlineData("P99 Latency: 0.101519 s", "P99 Latency: inf s")]
    [InlineData("second: 9.95025", "second: 995025")]
    [InlineData("Total inference run time: 0.402 s", "")]
    public void An_onnxruntime_perf_test_that_says_something_else_is_refused(string part, string other) => Refused<PerfTestTool>(ToolTexts.With(ToolTexts.PerfTest, part, other));

    [Theory]
    [InlineData("Inference (avg): 1885.74", "Inference (avg): 1.88574")]
    [InlineData("Inference (avg): 1885.74", "Inference (avg): -nan")]
    [InlineData("count=520", "count=0")]
    [InlineData("count=520", "count=99999999999999")]
    [InlineData("avg=1885.74", "avg=1e9")]
    [InlineData("avg=1885.74 ", "")]
    [InlineData("median=1800.5", "median=-1")]
    [InlineData("Inference timings in us", "Inference timings in ns")]
    public void A_benchmark_model_that_says_something_else_is_refused(string part, string other) => Refused<BenchmarkModelTool>(ToolTexts.With(ToolTexts.BenchmarkModel, part, other));

    [Theory]
    [InlineData("Latency: min = 2 ms, max = 5 ms, mean = 3 ms", "Latency: min = 2 us, max = 5 us, mean = 3 us")]
    [InlineData("max = 5 ms, mean = 3 ms", "max = 5 ms, mean = 4 ms")]
    [InlineData("GPU Compute Time: min = 1 ms", "GPU Compute Time: min = 0 ms")]
    [InlineData("Throughput: 499.5 qps", "Throughput: -1 qps")]
    [InlineData("Total Host Walltime: 3.00186 s", "Total Host Walltime: 3 h")]
    public void A_trtexec_that_says_something_else_is_refused(string part, string other) => Refused<TrtexecTool>(ToolTexts.With(ToolTexts.Trtexec, part, other));

    [Theory]
    [InlineData("\"latencyMs\" : 5", "\"latencyMs\" : 5000")]
    [InlineData("\"latencyMs\" : 5", "\"latencyMs\" : null")]
    [InlineData("\"computeMs\" : 4", "\"compute\" : 4")]
    [InlineData("]", "")]
    public void Times_of_trtexec_that_say_something_else_are_refused(string part, string other) =>
        Refused<TrtexecTool>(ToolTexts.Trtexec, ToolTexts.With(ToolTexts.TrtexecTimes, part, other));

    [Fact]
    public void Times_of_trtexec_that_are_a_link_are_not_followed()
    {
        File.WriteAllText(_folder.File("elsewhere"), ToolTexts.TrtexecTimes);
        File.CreateSymbolicLink(_folder.File(TrtexecTool.TimesFile), _folder.File("elsewhere"));
        (IExternalTool tool, string text, ToolCall call) = Of<TrtexecTool>();
        Assert.Throws<ToolOutputException>(() => tool.Read(ToolTexts.Output(text), call));
    }

    [Theory]
    [InlineData("3500", "\"3500\"")]
    [InlineData("3500", "-3500")]
    [InlineData("3500", "0")]
    [InlineData("3500", "1e300")]
    [InlineData("{\"event\": \"start\"}", "starting …")]
    [InlineData("{\"event\": \"start\"}", "[1]")]
    [InlineData("{\"event\": \"start\"}", "{\"a\": 1, \"a\": 2}")]
    [InlineData("decode_us", "encode_us")]
    [InlineData("\"took\": 0.75", "\"took\": -0.75")]
    [InlineData(", \"took\": 0.75", "")]
    public void Lines_of_json_that_say_something_else_are_refused(string part, string other) => Refused<JsonLinesTool>(ToolTexts.With(ToolTexts.JsonLines, part, other));

    [Fact]
    public void Every_truncation_and_an_empty_answer_are_refused_or_whole()
    {
        foreach ((IExternalTool tool, string answer, ToolCall call) in ToolTexts.All(_folder.Path))
        {
            string whole = Said(ToolTexts.Read(tool, answer, call));
            Assert.Throws<ToolOutputException>(() => ToolTexts.Read(tool, "", call));
            for (int length = 0; length < answer.Length; length += 7)
            {
                try
                {
                    string said = Said(ToolTexts.Read(tool, answer[..length], call));
                    // Of lines of JSON, fewer are fewer readings; everything else is told whole or not at all.
                    if (tool is not JsonLinesTool) Assert.Equal(whole, said);
                }
                catch (ToolOutputException)
                {
                    continue;
                }
            }
        }
    }

    [Fact]
    public void No_mutation_of_an_answer_gives_a_figure_that_cannot_be_one()
    {
        (IExternalTool Tool, string Answer, ToolCall Call)[] tools = [.. ToolTexts.All(_folder.Path)];
        Gen<(int Tool, (int At, int Kind, char Letter)[] Edits)> edits =
            Gen.Select(Gen.Int[0, tools.Length - 1], Gen.Select(Gen.Int[0, 4000], Gen.Int[0, 3], Gen.Char["0123456789.-+eE[]{}\",:=% \n\0nNaA\u2028"]).Array[1, 6]);
        edits.Sample(sample =>
        {
            (IExternalTool tool, string answer, ToolCall call) = tools[sample.Tool];
            try
            {
                Check(ToolTexts.Read(tool, Mutate(answer, sample.Edits), call));
            }
            catch (ToolOutputException)
            {
                return;
            }
        }, iter: 4000, seed: "0000KOhFIp21");
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        string deep = "{\"timings\": " + new string('[', 10_000) + new string(']', 10_000) + "}";
        Refused<JsonLinesTool>(deep);
        Refused<LlamaBenchTool>(deep);
    }

    private static string Said(ToolReport report) => string.Join(';', report.Figures.Select(figure => $"{figure.Metric.Name}={string.Join(',', figure.Values.Select(ToolTexts.Number))}"));

    private static void Check(ToolReport report)
    {
        Assert.NotEmpty(report.Figures);
        Assert.True(report.Repetitions >= 1);
        Assert.True(report.Seconds is null or (> 0 and < double.PositiveInfinity));
        Assert.All(report.Figures, figure =>
        {
            Assert.NotEmpty(figure.Values);
            Assert.All(figure.Values, value => Assert.True(double.IsFinite(value) && value > 0));
        });
    }

    private static string Mutate(string text, (int At, int Kind, char Letter)[] edits)
    {
        StringBuilder mutated = new(text);
        foreach ((int at, int kind, char letter) in edits)
        {
            int place = at % Math.Max(1, mutated.Length);
            if (kind == 0 && mutated.Length > 0) mutated[place] = letter;
            else if (kind == 1) mutated.Insert(place, letter);
            else if (kind == 2 && mutated.Length > 0) mutated.Remove(place, 1);
            else if (kind == 3) mutated.Length = place;
        }
        return mutated.ToString();
    }

    private void Refused<TTool>(string text, string times = ToolTexts.TrtexecTimes)
    {
        (IExternalTool tool, _, ToolCall call) = Of<TTool>();
        Assert.Throws<ToolOutputException>(() => ToolTexts.Read(tool, text, call, times));
    }

    private (IExternalTool Tool, string Answer, ToolCall Call) Of<TTool>() => ToolTexts.All(_folder.Path).Single(one => one.Tool is TTool);
}
