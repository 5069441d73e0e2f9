using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;

namespace EdgeBench.Suites.Tasks.ExactMatch;

/// <summary>Parameters of <c>exact-match</c>.</summary>
public sealed record ExactMatchParameters : TaskParameters
{
    [Description("Text that the model goes on from; {prompt} and any text field of an item are filled in.")]
    public string Template { get; init; } = "{prompt}";

    [Description("Tokens that the model writes at most for an item."), Range(1, 1 << 16)]
    public int Generate { get; init; } = 64;

    [Description("Ends a written text where it first occurs, beside the model's own end of text; empty for that alone.")]
    public string Stop { get; init; } = "\n";

    [Description("Takes capital and small letters for the same.")]
    public bool IgnoreCase { get; init; }

    /// <summary>Reads and checks; throws <see cref="EdgeBenchException"/>.</summary>
    internal static ExactMatchParameters Of(JsonElement parameters)
    {
        ExactMatchParameters read = parameters.Deserialize<ExactMatchParameters>(EdgeBenchJson.Options) ?? new();
        read.Check("exact-match");
        _ = Tasks.Data.Template.Parse(read.Template);
        if (read.Generate < 1) throw EdgeBenchException.BadInput($"'generate: {read.Generate}'", "1 token or more");
        if (read.Generate >= read.Context) throw EdgeBenchException.BadInput($"'generate: {read.Generate}' with 'context: {read.Context}'", "room for a prompt beside what is written", "Raise 'context'.");
        return read;
    }
}
