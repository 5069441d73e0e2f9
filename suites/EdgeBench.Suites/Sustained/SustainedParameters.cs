using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Suites.SingleStream;

namespace EdgeBench.Suites.Sustained;

/// <summary>Parameters of <c>sustained</c>.</summary>
public sealed record SustainedParameters
{
    [Description("Prompt length in tokens (llama-bench's pp)."), Range(1, 1 << 24)]
    public int Prompt { get; init; } = 128;

    [Description("Tokens to decode one at a time after each prompt (llama-bench's tg)."), Range(1, 1 << 24)]
    public int Generate { get; init; } = 64;

    [Description("Minutes of work; measure.time_limit must be longer."), Range(2, 24 * 60)]
    public int Minutes { get; init; } = 10;

    /// <summary>Reads and checks parameters; throws <see cref="EdgeBenchException"/>.</summary>
    internal static SustainedParameters Of(JsonElement parameters)
    {
        SustainedParameters read = parameters.Deserialize<SustainedParameters>(EdgeBenchJson.Options) ?? new();
        _ = StreamTest.Of(read.Prompt, read.Generate, 0);
        if (read.Prompt == 0 || read.Generate == 0) throw EdgeBenchException.BadInput("sustained without a prompt or without tokens to generate", "both, from 1");
        return read.Minutes >= 2 ? read : throw EdgeBenchException.BadInput($"'minutes: {read.Minutes}'", "at least 2: the last minute is held against the first");
    }

    internal StreamTest Test => StreamTest.Of(Prompt, Generate, 0);
}
