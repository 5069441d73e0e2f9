using System.ComponentModel;
using System.Text.Json;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;

namespace EdgeBench.Suites.SingleStream;

/// <summary>Parameters of <c>single-stream</c>: either three lengths, or a list of llama-bench's test names.</summary>
public sealed record SingleStreamParameters
{
    [Description("Prompt length in tokens (llama-bench's pp).")]
    public int Prompt { get; init; }

    [Description("Tokens to decode one at a time (llama-bench's tg).")]
    public int Generate { get; init; }

    [Description("Tokens already in the context before the timed part (llama-bench's depth).")]
    public int Depth { get; init; }

    [Description("llama-bench's test names, each a workload of its own: pp512, tg128, pp512+tg128, each optionally followed by ' @ d4096'.")]
    public IReadOnlyList<string> Tests { get; init; } = [];

    internal static SingleStreamParameters Of(JsonElement parameters) => parameters.Deserialize<SingleStreamParameters>(EdgeBenchJson.Options) ?? new();

    /// <summary>The tests that these parameters spell, in order; throws <see cref="EdgeBenchException"/>.</summary>
    internal IReadOnlyList<StreamTest> Spelled()
    {
        bool lengths = Prompt != 0 || Generate != 0 || Depth != 0;
        if (Tests is null or { Count: 0 }) return [StreamTest.Of(Prompt, Generate, Depth)];
        if (!lengths) return [.. Tests.Select(StreamTest.Parse)];
        throw EdgeBenchException.BadInput("'tests' together with 'prompt', 'generate' or 'depth'", "one of the two", "Remove the lengths or the list.");
    }

    /// <summary>The one test of expanded parameters.</summary>
    internal StreamTest One()
    {
        IReadOnlyList<StreamTest> tests = Spelled();
        return tests.Count == 1 ? tests[0]
            : throw EdgeBenchException.BadInput($"{tests.Count} tests in one cell", "one test", "Expand 'tests' into one workload each before running it.");
    }
}
