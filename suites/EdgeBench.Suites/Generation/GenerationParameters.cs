using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;

namespace EdgeBench.Suites.Generation;

/// <summary>Parameters of <c>generation</c>.</summary>
public sealed record GenerationParameters
{
    [Description("Text file, UTF-8, whose pieces are the prompts.")]
    public string Data { get; init; } = "";

    [Description("Prompt length in tokens."), Range(1, 1 << 20)]
    public int Prompt { get; init; } = 64;

    [Description("Tokens that the model writes after each prompt, the largest logit each time, past the end of a text too."), Range(2, 1 << 20)]
    public int Generate { get; init; } = 64;

    [Description("Pieces of the text, evenly spread, that are prompts in turn."), Range(1, 10_000)]
    public int Prompts { get; init; } = 8;

    /// <summary>Tokens that the context must hold.</summary>
    internal int Context => Prompt + Generate;

    /// <summary>Reads and checks; throws <see cref="EdgeBenchException"/>.</summary>
    internal static GenerationParameters Of(JsonElement parameters)
    {
        GenerationParameters read = parameters.Deserialize<GenerationParameters>(EdgeBenchJson.Options) ?? new();
        if (string.IsNullOrEmpty(read.Data)) throw EdgeBenchException.BadInput("generation without 'data'", "the path of a text file", "Give 'data: text.txt'.");
        if (read.Prompt < 1 || read.Prompts < 1 || read.Generate < 2)
            throw EdgeBenchException.BadInput($"'prompt: {read.Prompt}', 'prompts: {read.Prompts}', 'generate: {read.Generate}'", "a prompt and a piece at least, and 2 tokens to write");
        return read;
    }
}
